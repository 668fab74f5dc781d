const choices = ["auto", "light", "dark"] as const;

/** Goes from the system's theme to light, to dark, and back. */
export function themeButton(button: HTMLButtonElement): void {
  let at = 0;
  button.hidden = false;
  button.addEventListener("click", () => {
    at = (at + 1) % choices.length;
    const choice = choices[at]!;
    button.textContent = `Theme: ${choice}`;
    if (choice === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
  });
}
