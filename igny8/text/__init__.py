"""Text as plain values: Markdown, HTML, words, sentences, stems, vectors. Knows no domain."""
