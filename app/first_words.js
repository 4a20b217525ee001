// The words of the first screen, shown by the page itself while the program is on its way: who asks, the title and the summary, or for
// somebody who has said yes already the first question, with its answers to choose from. The program puts its own screen in the place
// of this one, and counts as read what stood here in the same words at the same place (app/src/ui/meant.rs).
//
// An answer that is chosen here is shown as chosen and remembered in the page's memory, nowhere else, and nothing says that it is saved.
// The program takes it as an answer if it asks that very question first (app/src/respond/before.rs, decision 0058).
//
// e2e/tools/pages.mjs puts this before what index.html shows while it waits. It is written as app/start.js is, and shows nothing where it is not sure.
(function (page, root) {
  "use strict";

  // How long words stand before a press on them counts, in milliseconds: as in app/src/ui/meant.rs.
  var READABLE = 500;
  // What is shown, since when, and what was chosen on it. The program reads it.
  var shown = { at: Infinity };
  var asked = window.__bedringOccasion;
  if (!asked) return;

  function kept(key) {
    try {
      return localStorage.getItem(key);
    } catch (_) {
      return null;
    }
  }

  /** The same rule as the program's: the choice on this phone, else what the person read or answered in, else the browser's language. */
  function language(bundle) {
    var said = bundle.language_said ? bundle.language : [];
    var wanted = [kept("bedring.language")].concat(said, navigator.languages || [navigator.language], bundle.language);
    for (var i = 0; i < wanted.length; i++) {
      var two = String(wanted[i]).slice(0, 2);
      if (two === "da" || two === "en") return two;
    }
    return "da";
  }

  function add(parent, tag, name, text) {
    var element = page.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    parent.appendChild(element);
    return element;
  }

  /** Who asks, with their marks. */
  function senders(into, list) {
    if (!list || !list.length) return;
    var rows = add(into, "ul", "senders");
    for (var i = 0; i < list.length; i++) {
      var row = add(rows, "li");
      if (list[i].logo) {
        var mark = add(row, "img");
        mark.alt = "";
        mark.src = list[i].logo;
      }
      row.appendChild(page.createTextNode(list[i].name));
    }
  }

  /** Paragraphs and lists, as letters are written. */
  function letter(into, text) {
    var list = null;
    var lines = text.split("\n");
    for (var i = 0; i < lines.length; i++) {
      var line = lines[i].trim();
      if (line.slice(0, 2) === "- ") {
        list = list || add(into, "ul");
        add(list, "li", "", line.slice(2));
      } else {
        list = null;
        if (line) add(into, "p", "", line);
      }
    }
  }

  /** The first question that waits, or nothing if there may be something else first. */
  function question(bundle) {
    for (var c = 0; c < bundle.purposes.length; c++) {
      var purpose = bundle.purposes[c];
      if (!bundle.consents.some(function (said) { return said.purpose === purpose; })) return null;
    }
    var open = bundle.occasions.filter(function (occasion) {
      return /^(open|due|overdue)$/.test(occasion.state);
    })[0];
    if (!open || open.instruments[0].answered) return null;
    var all = 0;
    var first = null;
    open.instruments.forEach(function (asks) {
      bundle.definitions.forEach(function (definition) {
        if (definition.instrument !== asks.instrument || definition.edition !== asks.edition) return;
        first = first || definition;
        all += definition.items.length;
      });
    });
    if (!first || first.instrument !== open.instruments[0].instrument) return null;
    return { occasion: open.id, definition: first, item: first.items[0], all: all };
  }

  /** The question as the program shows it, in the same places; its answers can be chosen. */
  function questionPage(words, bundle, asks, say, lang) {
    var definition = asks.definition;
    var lines = add(words, "div", "question-lines");
    var introduction = say(definition.introduction);
    if (introduction) add(lines, "p", "quiet", introduction);
    var place = (lang === "da" ? "Spørgsmål 1 af " : "Question 1 of ") + asks.all;
    if (definition.kind === "demonstration") place += lang === "da" ? " · prøvetekst" : " · sample wording";
    add(lines, "p", "progress-words", place);
    var bar = add(words, "progress", "progress-bar");
    bar.max = asks.all;
    bar.value = 0;
    bar.setAttribute("aria-hidden", "true");
    var group = add(words, "fieldset", "question");
    var title = say(asks.item.text);
    add(add(group, "legend"), "h1", "question-text", title);
    var rows = add(group, "div", "answers");
    var options = definition.option_sets.filter(function (set) {
      return set.code === asks.item.options;
    })[0];
    options.options.forEach(function (option) {
      var row = add(rows, "label", "answer");
      var radio = add(row, "input");
      radio.type = "radio";
      // Not the name that the program gives its own, or one would take the mark from the other.
      radio.name = "first";
      radio.value = option.code;
      add(row, "span", "answer-text", say(option.label));
      // All that must be the same for the program to take it: what was asked, of which occasion, and the words that were read.
      radio.answers = [asks.occasion, definition.instrument, definition.edition, asks.item.code, option.code, title, say(option.label)].join("\n");
    });
    takePresses(group);
  }

  /** The rules of the program's own presses and keys, for as long as it is not there. */
  function takePresses(group) {
    var began = null;
    var arrow = false;
    var choose = function (radio, goOn) {
      shown.chosen = { answers: radio.answers, when: Date.now(), goOn: goOn };
    };
    // A press that began before the words could be read does nothing, however late it ends.
    var meant = function (event) {
      if ((began === null ? event.timeStamp : began) - shown.at >= READABLE) return true;
      event.preventDefault();
      event.stopPropagation();
      return false;
    };
    page.addEventListener("pointerdown", function (event) {
      began = event.timeStamp;
      arrow = false;
    }, true);
    page.addEventListener("pointercancel", function () {
      began = null;
    }, true);
    group.addEventListener("keydown", function (event) {
      // A key that is held down began with its first stroke.
      if (!event.repeat) began = event.timeStamp;
      arrow = /^Arrow/.test(event.key);
      if (event.key !== "Enter" || !meant(event)) return;
      event.preventDefault();
      event.target.checked = true;
      choose(event.target, true);
    }, true);
    group.addEventListener("click", function (event) {
      var ok = meant(event);
      began = null;
      // A press on the words is followed by one on the radio that they belong to. Arrow keys walk through the answers, and lead nowhere.
      if (ok && event.target.type === "radio") choose(event.target, !arrow && kept("bedring.waits") !== "1");
    }, true);
  }

  function show(bundle, asks) {
    var start = page.getElementById("start");
    // The answer of the server can be here before the browser has read this page to its end.
    if (!start) return void setTimeout(show, 16, bundle, asks);
    if (page.querySelector(".page")) return;
    var lang = language(bundle);
    var all = page.createElement("div");
    all.className = "first-words";
    all.lang = lang;
    add(add(all, "div", "page-head"), "span", "brand", "Bedring");
    var words = add(all, "div", "first-page");
    var say = function (texts) {
      return (texts && (texts[lang] || texts[bundle.language])) || "";
    };
    if (asks) {
      questionPage(words, bundle, asks, say, lang);
      // As the program says it: something here takes no press yet.
      root.setAttribute("data-new", "");
    } else {
      words.className += " stack-tight";
      senders(words, bundle.programme.senders);
      add(words, "h1", "", say(bundle.letter.title));
      letter(add(words, "div", "summary"), say(bundle.letter.summary));
    }
    start.insertBefore(all, start.firstChild);
    start.className += " has-words";
    start.setAttribute("role", "main");
    window.__bedringWords = shown;
    requestAnimationFrame(function () {
      setTimeout(function () {
        shown.at = performance.now();
        var group = all.querySelector(".question");
        if (group) group.bedringPaintedAt = shown.at;
        setTimeout(function () {
          if (!page.querySelector(".page")) root.removeAttribute("data-new");
        }, READABLE);
      });
    });
  }

  asked
    .then(function (reply) {
      return reply && reply.ok ? reply.clone().json() : null;
    })
    .then(function (bundle) {
      if (!bundle || bundle.standing.withdrawn || bundle.standing.refused) return;
      if (!bundle.standing.ever_given) {
        if (bundle.letter.summary && Object.keys(bundle.letter.summary).length) show(bundle, null);
        return;
      }
      var asks = question(bundle);
      // Whoever has been here before goes on where they stopped, and only the program knows where that is.
      if (!asks || kept("bedring.kept")) return;
      show(bundle, asks);
    })
    .catch(function () {
      // What stands on the page already is true without it.
    });
})(document, document.documentElement);
