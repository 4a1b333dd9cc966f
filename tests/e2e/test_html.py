"""proctor check --html: the page, as a browser opens it."""

import html.parser
import http.server
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading

from support import SOURCE, Folder, block, main

BROWSER = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])),
               None)
# As root there is no sandbox of the browser; the pages are our own.
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--enable-logging=stderr",
         "--virtual-time-budget=5000"]

ATTACK = ("</samp></script><img src=x onerror=\"document.title='broken'\">"
          "<script>document.title='broken'</script>")

LESSON = [
    "# A lesson\n\n## Basics\n\n### 1. When is a default evaluated?\n\nOnce.\n\n",
    block("def enroll(student, course=[]):", "    course.append(student)", "    return course", "",
          "print(enroll('Ada'))    # Output: ['Ada']",
          "print(enroll('Grace'))  # Output: ['Grace']"),
    "### 2. What does it print?\n\n",
    block("for i in range(3000):", "    print('row', i)"),
    "### 4. Why?\n\n### 5. How?\n\nText alone.\n\n## Ends\n\n### 1. May it fail?\n\n",
    block("import sys", "print('careful', file=sys.stderr)", "[][1]"),
    "### 2. May it wait?\n\n",
    block("import threading", "lock = threading.Lock()", "lock.acquire()", "lock.acquire()"),
]


class Reader(html.parser.HTMLParser):
    """Every element of a page with its attributes, and its text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)

    def of_class(self, name):
        return [attributes for _, attributes in self.elements
                if name in (attributes.get("class") or "").split()]


class Html(Folder):
    def page(self, *arguments, expect=None):
        self.proctor("check", "--html", "page.html", *arguments, expect=expect)
        with open(self.path("page.html"), encoding="utf-8") as file:
            return file.read()

    def open(self, *arguments, page="page.html"):
        """The standard output of a browser that has the page open."""
        if BROWSER is None:
            self.skipTest("skipped: chromium is not installed")
        with tempfile.TemporaryDirectory(prefix="proctor-browser-") as profile:
            result = subprocess.run(
                [BROWSER, *FLAGS, f"--user-data-dir={profile}", *arguments,
                 "file://" + self.path(page)],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
                env={**os.environ, "HOME": profile})
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn(":CONSOLE", result.stderr)
        return result.stdout

    def measure(self, script, *arguments, select="all"):
        """What a script finds out about the page. The page's own policy would not let it run."""
        with open(self.path("page.html"), encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", text)
        text = text.replace(" checked>", ">").replace(f'id="show-{select}">',
                                                      f'id="show-{select}" checked>')
        text = text.replace("</body>", f"<script>document.title = JSON.stringify({script})</script>"
                                       "</body>")
        self.write("measured.html", text)
        dom = self.open("--dump-dom", *arguments, page="measured.html")
        return json.loads(re.search("<title>(.*?)</title>", dom).group(1))

    def test_everything_of_a_bank_is_on_it(self):
        self.write("lesson.md", *LESSON)
        text = self.page("lesson.md", expect=1)
        page = Reader(text)
        self.assertEqual([each["class"].split()[1] for each in page.of_class("snip")],
                         ["false", "ran", "raised", "hung"])
        self.assertEqual(len(page.of_class("q")), 6)
        words = " ".join(" ".join(page.words).split())
        for expected in ["A lesson", "Basics", "1. When is a default evaluated?",
                         "says 'Output: ['Grace']', printed ['Ada', 'Grace']",
                         "this question has no answer", "this answer has no snippet",
                         "number 3 is missing before 4", "IndexError: list index out of range",
                         "standard error", "careful", "MainThread waits at line",
                         "2 claims: 1 hold, 1 contradicted", "lesson.md:10–15", "row 5",
                         "more lines are left out here"]:
            self.assertIn(expected, words)
        self.assertNotIn("row 2500", words)
        # The folder that it ran in is another each time.
        self.assertIn('File "snippet.py", line 3', words)

    def test_output_stands_beside_its_line(self):
        self.write("lesson.md", block("a = 'first'", "print(a)  # first", "print('second')"))
        rows = re.findall("(?s)<tr><th.*?</tr>", self.page("lesson.md"))
        self.assertNotIn("out", rows[0])
        self.assertRegex(rows[1], r"(?s)aria-label=\"holds\".*<td class=\"out\">.*first")
        self.assertRegex(rows[2], r"(?s)<td class=\"out\"><samp><span class=\"w\">second")

    def test_the_same_bank_is_the_same_page(self):
        self.write("lesson.md", *LESSON)
        pages = [re.sub(r"class=\"time\">[^<]*|<footer>.*?</footer>", "", self.page("lesson.md"))
                 for _ in range(2)]
        self.assertEqual(*pages)

    def test_nothing_is_loaded_and_nothing_runs(self):
        self.write("lesson.md", *LESSON)
        page = Reader(self.page("lesson.md"))
        self.assertFalse({"script", "link", "img", "iframe", "object", "form"} &
                         {tag for tag, _ in page.elements})
        for _, attributes in page.elements:
            self.assertFalse([name for name in attributes if name.startswith("on")])
            self.assertNotIn("style", attributes)
            self.assertTrue(attributes.get("href", "#").startswith("#"))
        (policy,) = [each["content"] for tag, each in page.elements
                     if each.get("http-equiv") == "Content-Security-Policy"]
        self.assertTrue(policy.startswith("default-src 'none'; style-src 'sha256-"))
        links = {each["href"][1:] for _, each in page.elements if "href" in each}
        identities = [each["id"] for _, each in page.elements if "id" in each]
        self.assertLessEqual(links, set(identities))
        self.assertEqual(len(identities), len(set(identities)))

    def test_a_browser_opens_it(self):
        self.write("lesson.md", *LESSON)
        self.page("lesson.md", expect=1)
        page = Reader(self.open("--dump-dom"))
        self.assertEqual(len(page.of_class("snip")), 4)
        self.assertEqual(len(page.of_class("q")), 6)
        self.open("--screenshot=" + self.path("page.png"), "--window-size=1300,900")
        self.assertGreater(os.path.getsize(self.path("page.png")), 20000)

    def test_the_style_applies_and_filters_work_without_a_script(self):
        self.write("lesson.md", *LESSON)
        self.page("lesson.md")
        shown = "[...document.querySelectorAll('%s')].filter(e => e.checkVisibility()).length"
        counts = "[" + ",".join(shown % each for each in (".snip", ".q", ".contents li")) + "]"
        # The style sheet is allowed by its digest: with the policy left in place, too.
        self.assertEqual(self.measure(counts), [4, 6, 6])
        self.assertEqual(self.measure(counts, select="false"), [1, 1, 1])
        self.assertEqual(self.measure(counts, select="no-answer"), [0, 1, 1])
        fits = "[innerWidth, document.documentElement.scrollWidth]"
        for width in (360, 700, 1300):
            inner, wide = self.measure(fits, f"--window-size={width},900")
            self.assertLessEqual(wide, inner)

    def test_the_way_to_the_contents_is_seen_where_it_is_of_use(self):
        self.write("lesson.md", *LESSON)
        self.page("lesson.md")
        place = "(link => [link.offsetWidth, link.focus(), link.offsetWidth, " \
                "link.getBoundingClientRect().top])(document.querySelector('.leap'))"
        before, _, focused, top = self.measure(place, "--window-size=1300,900")
        self.assertLessEqual(before, 1)  # the contents stand beside it
        self.assertGreater(focused, 20)
        self.assertGreaterEqual(top, 0)
        before, _, _, top = self.measure(place, "--window-size=700,900")
        self.assertGreater(before, 20)
        self.assertGreaterEqual(top, 0)

    def test_the_policy_lets_the_style_sheet_through(self):
        self.write("lesson.md", *LESSON)
        text = self.page("lesson.md")
        picture = ["--screenshot=" + self.path("page.png"), "--window-size=1300,900"]
        self.open(*picture)
        styled = os.path.getsize(self.path("page.png"))
        self.write("bare.html", re.sub("(?s)<style>.*?</style>", "", text))
        self.open(*picture, page="bare.html")
        self.assertNotEqual(styled, os.path.getsize(self.path("page.png")))

    def test_what_a_snippet_writes_stays_text(self):
        asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *arguments):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        away = f"http://127.0.0.1:{server.server_address[1]}/"
        attack = f"{ATTACK}<img src='{away}'><link rel=stylesheet href='{away}'>"
        self.write("attack.md", f"# `{attack}`\n\n## 1. `{attack}`\n\n",
                   block(f"print({attack!r})  # {attack}", f"sys = {attack!r}", "sys",
                         "import sys", f"sys.stderr.write({attack!r})",
                         "sys.stdout.buffer.write(b'\\xff\\x00\\x1b[2J')",
                         f"raise ValueError({attack!r})"),
                   f"## 2. Again\n\n1. {attack}\n")
        self.write("</script><b>.md", block(f"x = {attack!r}", f"x  # {attack}"))
        page = Reader(self.page("."))
        self.assertFalse({"script", "img", "link"} & {tag for tag, _ in page.elements})
        self.assertIn(ATTACK, "".join(page.words))
        self.assertIn("\\xff\\x00\\x1b[2J", "".join(page.words))
        seen = Reader(self.open("--dump-dom"))
        self.assertFalse({"script", "img", "link"} & {tag for tag, _ in seen.elements})
        self.assertNotIn("broken", seen.words)
        self.assertEqual(asked, [])

    def test_a_large_bank_gives_a_page_that_opens(self):
        parts = ["# Large\n\n"]
        for i in range(1, 1201):
            parts.append(f"## {i}. Question {i}\n\nText.\n\n" + block(f"print({i})  # {i}"))
        self.write("large.md", *parts)
        self.page("large.md", expect=0)
        self.assertLess(os.path.getsize(self.path("page.html")), 1200 * 2000)
        page = Reader(self.open("--dump-dom"))
        self.assertEqual(len(page.of_class("snip")), 1200)

    def test_a_part_of_a_bank_is_all_of_the_page(self):
        self.write("lesson.md", "# L\n\n## 1. A\n\n", block("print(1)  # 1"), "## 2. B\n\n",
                   block("print(2)  # 2"))
        for command in (["init", "-q"], ["add", "lesson.md"],
                        ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "x"]):
            subprocess.run(["git", *command], cwd=self.folder, check=True,
                           env={**self.environment, "GIT_CONFIG_GLOBAL": os.devnull})
        self.write("lesson.md", "# L\n\n## 1. A\n\n", block("print(1)  # 1"), "## 2. B\n\n",
                   block("print(3)  # 3"))
        page = Reader(self.page("--since", "HEAD", "lesson.md", expect=0))
        self.assertEqual([each["class"].split()[1] for each in page.of_class("snip")],
                         ["left-out", "verified"])

    def test_colours_can_be_read(self):
        def luminance(colour):
            parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
            parts = [p / 12.92 if p <= .03928 else ((p + .055) / 1.055) ** 2.4 for p in parts]
            return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2]

        def contrast(one, other):
            light, dark = sorted([luminance(one), luminance(other)], reverse=True)
            return (light + .05) / (dark + .05)

        with open(os.path.join(SOURCE, "harness", "report", "html.css"), encoding="utf-8") as file:
            themes = re.findall(r":root \{(.*?)\}", file.read(), re.S)
        self.assertEqual(len(themes), 2)
        for theme in themes:
            colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", theme))
            pairs = [(ink, ground) for ink in ("ink", "soft", "ok", "bad", "warn", "quiet", "link")
                     for ground in ("page", "panel", "code")]
            pairs += [(tone, tone + "-wash") for tone in ("ok", "bad", "warn", "quiet")]
            pairs += [(ink, ground) for ink in ("keyword", "string", "comment", "number")
                      for ground in ("code", "bad-wash")]
            for ink, ground in pairs:
                self.assertGreaterEqual(contrast(colours[ink], colours[ground]), 4.5,
                                        (ink, ground))


if __name__ == "__main__":
    main()
