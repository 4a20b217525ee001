// The words of the first screen, shown by the page itself while the program is on its way: who asks, the title and the summary, or for
// somebody who has said yes already the first question. Nothing here can be pressed; the program puts its own screen after it, and counts
// the words as read from when they were shown here (app/src/ui/meant.rs).
//
// e2e/tools/pages.mjs puts this before what index.html shows while it waits. It is written as app/start.js is, and shows nothing where it is not sure.
(function (page) {
  "use strict";

  var asked = window.__bedringOccasion;
  if (!asked) return;

  function kept(key) {
    try {
      return localStorage.getItem(key);
    } catch (_) {
      return null;
    }
  }

  /** The same rule as the program's: the person's choice, else the browser's language, else the programme's. */
  function language(bundle) {
    var wanted = [kept("bedring.language")].concat(navigator.languages || [navigator.language], bundle.language);
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
    return first && { definition: first, item: first.items[0], all: all };
  }

  function show(bundle, asks) {
    var start = page.getElementById("start");
    if (!start || page.querySelector(".page")) return;
    var lang = language(bundle);
    var words = page.createElement("div");
    words.className = "first-words";
    words.lang = lang;
    var say = function (texts) {
      return texts[lang] || texts[bundle.language] || "";
    };
    var title = asks ? say(asks.item.text) : say(bundle.letter.title);
    if (asks) {
      add(words, "p", "progress-words", (lang === "da" ? "Spørgsmål 1 af " : "Question 1 of ") + asks.all);
    } else {
      senders(words, bundle.programme.senders);
    }
    add(words, "h1", asks ? "question-text" : "", title);
    if (asks) {
      var options = asks.definition.option_sets.filter(function (set) {
        return set.code === asks.item.options;
      })[0];
      var rows = add(words, "ul", "first-answers");
      options.options.forEach(function (option) {
        add(rows, "li", "", say(option.label));
      });
    } else {
      letter(add(words, "div", "summary"), say(bundle.letter.summary));
    }
    start.insertBefore(words, start.firstChild);
    start.className += " has-words";
    requestAnimationFrame(function () {
      setTimeout(function () {
        window.__bedringWords = { title: title, at: performance.now() };
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
})(document);
