//! The few pictures of the page; all are decoration beside words.

const icon = (path: string) => (
  <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
    <path d={path} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" />
  </svg>
);

export const CopyIcon = () => icon("M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z");
export const DoneIcon = () => icon("M3 8.5l3.5 3.5L13 4.5");
export const OutsideIcon = () => icon("M6 3H3v10h10v-3M9 3h4v4M13 3L7.5 8.5");
export const DownIcon = () => icon("M4 6l4 4 4-4");
export const RightIcon = () => icon("M6 4l4 4-4 4");
export const CloseIcon = () => icon("M4 4l8 8M12 4l-8 8");
export const MoreIcon = () => icon("M2.8 8h.4M7.8 8h.4M12.8 8h.4");
