#!/usr/bin/env python3
"""Writes tokens.tsv: texts and their words by Hugging Face's tokenizers, lower case and not. Each line has the
case, the text and its tokens, with tabs between them.

    python3 -m venv /tmp/tokens && /tmp/tokens/bin/pip install tokenizers
    /tmp/tokens/bin/python tests/golden/make_tokens.py
"""

import pathlib

from tokenizers import Regex, normalizers, pre_tokenizers

TEXTS = [
    "Don't panic!", "  two  spaces ", "snake_case x2 3.14 e-mail@example.org (a+b)*c", "", "... --- ...",
    "Über Straße ÄÖÜ café naïve, l'été", "Привет, МИР! Ёлка", "ΑΒΓ δέλτα; Ωμέγα", "“quotes” – and — dashes… €5 £3",
    "no\u00a0break thin\u2009space", "中文。日本語、テスト", "½ of ² and ªº µ 3×4 6÷2 §7 ©", "emoji 🙂 stays",
    "tab\u2003em\u3000wide", "ĳ œuvre",
]
words = pre_tokenizers.Sequence(
    [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex(r"\w+|[^\w\s]"), "isolated")])
lines = []
for case, normalize in (("lower", normalizers.Lowercase().normalize_str), ("same", str)):
    for text in TEXTS:
        tokens = [token for token, _ in words.pre_tokenize_str(normalize(text))]
        lines.append("\t".join([case, text, *tokens]) + "\n")
(pathlib.Path(__file__).parent / "tokens.tsv").write_text("".join(lines))
