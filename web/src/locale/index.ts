// Chinese first; English at a switch. Both files have the same keys, see locale.test.ts.
import { createI18n } from "vue-i18n";
import { speak } from "../lib/http";
import en from "./en.json";
import zh from "./zh-CN.json";

export const languages = ["zh-CN", "en"] as const;
export type Language = (typeof languages)[number];

const remembered = "greenshield.language";

export const i18n = createI18n({
  legacy: false,
  locale: "zh-CN",
  fallbackLocale: "zh-CN",
  messages: { "zh-CN": zh, en },
});

export function setLanguage(language: Language): void {
  i18n.global.locale.value = language;
  speak(language);
  document.documentElement.lang = language;
  document.title = i18n.global.t("app.name");
  localStorage.setItem(remembered, language);
}

/** Takes what the reader chose before, or Chinese. */
export function startLanguage(): void {
  const saved = localStorage.getItem(remembered);
  setLanguage(languages.find((l) => l === saved) ?? "zh-CN");
}
