"""The page's Gradio theme: system fonts only, so that nothing is fetched from anywhere."""

from __future__ import annotations

import gradio as gr
from gradio.themes import Font

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """Colours come from ``style.css``, which follows Gradio's light and dark modes."""
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=[Font(name) for name in SANS],
        font_mono=[Font(name) for name in MONO],
    )
