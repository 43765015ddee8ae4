# points: 4
# Names and texts of any alphabet are an honest learner's right; the letters of the next line are one name in Python.
𝐝𝐨𝐮𝐛𝐥𝐞 = lambda wért: "\u202e" and 2 * wért  # noqa: E731
print("\x00\x1b[2J\u202e<script>alert(1)</script>" * 50)
