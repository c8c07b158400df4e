"""The linker: internal links of a site, from candidates to a link graph. Its engines are pure."""
