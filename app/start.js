// What every browser must be able to read, however old, before the program is there. So it is written as in 2009, and e2e/tools/pages.mjs,
// which puts it into index.html as the first script, stops the build if it is not.
//
// It takes the secret of a person's link out of the address before anything else, says what this browser lacks instead of leaving the page
// waiting, and begins what takes time: it asks for the person's questionnaires and for the program, and opens the storage. The program
// takes over what came of it, the secret among it. A link that has lost its secret stays in the address: the program says so.
(function (page, root) {
  "use strict";

  // How long a person waits for the first screen, in milliseconds, before the page says why.
  var LONGEST_WAIT = 10000;
  var told = false;
  var listed = false;
  var storageAnswered = false;

  /** The secret in the address of a person's link, whatever was done to it on its way: the same rule as in app/domain/src/link.rs. */
  function secretIn(address) {
    if (!/^\/s(?![\w-])/i.test(address)) return null;
    var text = address.slice(2);
    for (var i = 0; i < 3; i++) {
      text = text.replace(/%([0-9a-f]{2})/gi, function (_, code) {
        return String.fromCharCode(parseInt(code, 16));
      });
    }
    text = text.replace(/^[^#]*#/, "");
    var secret = /(?:^|[^\w-])[-_]*?([\w-]{21}[^\W_])[-_]*(?![\w-])/;
    var found = secret.exec(text) || /^([\w-]{23,64})$/.exec(text) || secret.exec(text.replace(/[^!-~]+/g, ""));
    return found && found[1];
  }

  /** What this browser lacks, as a class of the page; nothing where the program can run. */
  function missing() {
    try {
      // The smallest program there is: refused where there are none, and where the policy's word for them is not known.
      new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    } catch (_) {
      return "old";
    }
    if (!("noModule" in page.createElement("script"))) return "old";
    return window.crypto && crypto.subtle ? "" : "lock";
  }

  /** Says why there is no first screen, and what else can be done. */
  function failed(why) {
    if (page.querySelector(".page")) return;
    told = true;
    root.className = "failed " + why;
    var help = function () {
      page.getElementById("again").onclick = function () {
        location.reload();
      };
      var hosts = page.querySelectorAll(".start-host");
      for (var i = 0; i < hosts.length; i++) hosts[i].textContent = location.host;
      // A network that is slow already has enough to do.
      if (why !== "slow") listContacts();
    };
    if (page.readyState === "loading") page.addEventListener("DOMContentLoaded", help);
    else help();
  }

  /** The telephone numbers of the person's own programme. */
  function listContacts() {
    if (!secret || listed) return;
    listed = true;
    var ask = new XMLHttpRequest();
    ask.open("GET", "/api/v1/occasion");
    ask.setRequestHeader("Authorization", "Bearer " + secret);
    ask.onload = function () {
      try {
        var contacts = JSON.parse(ask.responseText).programme.contacts;
        for (var i = 0; i < contacts.length; i++) {
          if (!contacts[i].phone) continue;
          var line = page.createElement("p");
          line.textContent = (contacts[i].name.da || contacts[i].name.en) + " ";
          var number = page.createElement("a");
          number.className = "contact-number";
          number.href = "tel:" + contacts[i].phone.replace(/[^\d+]/g, "");
          number.textContent = contacts[i].phone;
          line.appendChild(number);
          page.getElementById("start-contacts").appendChild(line);
        }
      } catch (_) {
        // No list, or not our server's: what stands on the page already is true without it.
      }
    };
    ask.send();
  }

  function openStorage() {
    return new Promise(function (done) {
      var open = indexedDB.open("bedring");
      open.onupgradeneeded = function () {
        var stores = ["keys", "settings", "access", "bundles", "drafts", "queue", "sent", "copies"];
        for (var i = 0; i < stores.length; i++) open.result.createObjectStore(stores[i]);
      };
      open.onsuccess = function () {
        storageAnswered = true;
        open.result.onversionchange = function () {
          open.result.close();
        };
        done(open.result);
      };
      open.onerror = open.onblocked = function () {
        storageAnswered = true;
        done(null);
      };
    }).catch(function () {
      storageAnswered = true;
      return null;
    });
  }

  /**
   * The page's own files, which the browser keeps beside its database and takes off the disk at once when they are removed: writes some
   * bytes into one, removes it (`null`), or reads it. Old browsers have none: this then throws, or promises nothing.
   */
  window.bedringFile = function (name, bytes) {
    return navigator.storage.getDirectory().then(function (all) {
      if (bytes === null) return all.removeEntry(name);
      return all.getFileHandle(name, { create: !!bytes }).then(function (file) {
        if (!bytes)
          return file.getFile().then(function (found) {
            return found.arrayBuffer();
          });
        return file.createWritable().then(function (into) {
          return into.write(bytes).then(function () {
            return into.close();
          });
        });
      });
    });
  };

  root.className = "starting";
  var address = location.pathname + location.search + location.hash;
  var secret = secretIn(address);
  // Until the program has put the secret into its own storage, the tab remembers it, so that the page can be loaded again. It then takes
  // it away here, too.
  try {
    if (secret) {
      history.replaceState(history.state, "", "/s");
      sessionStorage.setItem("bedring.link", secret);
    } else if (/^\/s$/i.test(address)) secret = sessionStorage.getItem("bedring.link");
  } catch (_) {
    // A tab that may not remember: the secret is in the page's memory.
  }
  window.__bedringSecret = secret;

  /** The program could not be fetched or started. */
  window.bedringFailed = function (problem) {
    failed(/^(Syntax|Compile|Link|Reference)Error$/.test(problem && problem.name) ? "old" : "broken");
  };
  window.addEventListener("error", function (event) {
    if (/SyntaxError/.test(event.message)) failed("old");
  });
  setTimeout(function () {
    if (!told) failed(storageAnswered ? "slow" : "keep");
  }, LONGEST_WAIT);

  // The few bytes of the first words are asked for before the many of the program: on a slow network both share one line.
  if (secret && window.fetch)
    window.__bedringOccasion = fetch("/api/v1/occasion", { headers: { Authorization: "Bearer " + secret }, cache: "no-store" }).catch(function () {
      return null;
    });
  var lacks = missing();
  if (lacks) {
    // The scripts that start the program and show its first words look at these.
    window.bedringLacks = lacks;
    window.__bedringOccasion = null;
    failed(lacks);
    return;
  }
  // The address is put in by e2e/tools/pages.mjs. Whoever starts the program hears whether it comes; nobody has to hear it before.
  window.__bedringProgram = fetch("/program.wasm", { credentials: "same-origin" });
  window.__bedringProgram.catch(function () {});
  window.__bedringStorage = openStorage();
})(document, document.documentElement);
