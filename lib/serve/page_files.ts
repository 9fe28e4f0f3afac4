/**
 * The files of the page, as they stand in lib/serve/page: the build puts their text into the
 * program. The page itself is `index.html`; the others are served as `/page/NAME`.
 */
import index from "./page/index.html" with { type: "text" };

export interface PageFile {
  readonly type: string;
  readonly text: string;
}

const HTML = "text/html; charset=utf-8";

export const PAGE_FILES: Readonly<Record<string, PageFile>> = {
  "index.html": { type: HTML, text: index },
};
