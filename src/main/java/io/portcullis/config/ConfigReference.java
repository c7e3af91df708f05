package io.portcullis.config;

/** The reference of all keys in Markdown, from the declarations in the code. */
public final class ConfigReference {
  private ConfigReference() {}

  /** One table per section of the file, in the order of the file. */
  public static String markdown() {
    StringBuilder text = new StringBuilder();
    String section = "";
    for (Declaration declaration : ConfigLoader.declarations()) {
      String top = declaration.key().replaceAll("[.\\[].*", "");
      if (!top.equals(section)) {
        text.append(section.isEmpty() ? "" : "\n").append("### ").append(top).append("\n\n");
        text.append("| key | value | default | what |\n|---|---|---|---|\n");
        section = top;
      }
      text.append("| `").append(declaration.key()).append("` | ");
      text.append(escaped(declaration.expected())).append(" | ");
      text.append(fallback(declaration)).append(" | ");
      text.append(escaped(declaration.about())).append(" |\n");
    }
    return text.toString();
  }

  private static String fallback(Declaration declaration) {
    return switch (declaration.fallback()) {
      case Declaration.REQUIRED -> "**required**";
      case Declaration.NONE -> "none";
      default -> "`" + declaration.fallback() + "`";
    };
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|");
  }
}
