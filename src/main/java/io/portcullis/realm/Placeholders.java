package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills <code>${NAME}</code> and <code>${NAME:default}</code> in texts, as Keycloak's own import
 * does, from a map of variables; {@code NAME_FILE} names a file that holds the value. Only names in
 * capitals are placeholders: Keycloak's <code>${client_id}</code> stays. Filling happens in values
 * that were read already, so a value cannot break out of its text.
 */
final class Placeholders {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?::([^}]*))?\\}");

  private final Variables variables;
  private final Set<String> missing = new TreeSet<>();

  private Placeholders(Variables variables) {
    this.variables = variables;
  }

  /**
   * The same object with all placeholders filled.
   *
   * @throws RealmException naming every variable that is missing
   */
  static JsonObject fill(JsonObject realm, Map<String, String> environment) {
    Placeholders placeholders = new Placeholders(new Variables(environment));
    JsonObject filled = placeholders.object(realm);
    if (!placeholders.missing.isEmpty()) {
      throw new RealmException(
          "The realm needs variables that are not set: "
              + String.join(", ", placeholders.missing)
              + " (each may also be given as a file by NAME_FILE)");
    }
    return filled;
  }

  private JsonObject object(JsonObject object) {
    JsonObject filled = new JsonObject();
    object.forEach(member -> filled.put(member.getKey(), value(member.getValue())));
    return filled;
  }

  private @Nullable Object value(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case JsonObject object -> object(object);
      case JsonArray list -> {
        JsonArray filled = new JsonArray();
        list.forEach(element -> filled.add(value(element)));
        yield filled;
      }
      case String text -> text(text);
      default -> value;
    };
  }

  private String text(String text) {
    return PLACEHOLDER.matcher(text).replaceAll(this::replacement);
  }

  private String replacement(java.util.regex.MatchResult found) {
    String name = found.group(1);
    String value = variables.find(name).orElse(found.group(2));
    if (value == null) {
      missing.add(name);
      return "";
    }
    // Keycloak's import would look for placeholders once more.
    if (value.contains("${")) {
      throw new RealmException("The value of " + name + " must not contain ${");
    }
    return Matcher.quoteReplacement(value);
  }
}
