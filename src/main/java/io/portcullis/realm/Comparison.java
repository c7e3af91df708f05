package io.portcullis.realm;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Keycloak has, compared with what the data names; what the data does not name does not count.
 *
 * <p>Lists are sets, and complete ones. Nothing, an empty text, list and object are the same, and
 * so are a number or a truth value and its text, because Keycloak keeps many settings as texts.
 * What Keycloak masks is believed to be right.
 */
final class Comparison {
  /** What Keycloak shows instead of a secret that it does not give away. */
  static final String MASKED = "**********";

  /** Texts that are sets, with what separates their elements. */
  private static final Map<String, String> SETS =
      Map.of(
          "passwordPolicy", " and ",
          "post.logout.redirect.uris", "##",
          "default.acr.values", "##");

  private final List<Drift> drifts = new ArrayList<>();

  private Comparison() {}

  /** The differences, in the order of the data. */
  static List<Drift> of(String path, JsonObject shall, JsonObject is) {
    Comparison comparison = new Comparison();
    comparison.object(path, shall, is);
    return comparison.drifts;
  }

  private void object(String path, JsonObject shall, JsonObject is) {
    for (String name : shall.fieldNames()) {
      String below = path.isEmpty() ? name : path + "/" + name;
      value(below, name, shall.getValue(name), is.getValue(name));
    }
  }

  private void value(String path, String name, @Nullable Object shall, @Nullable Object is) {
    if (shall instanceof JsonObject wanted) {
      object(path, wanted, is instanceof JsonObject had ? had : new JsonObject());
    } else if (shall instanceof JsonArray wanted) {
      list(path, wanted, is instanceof JsonArray had ? had : new JsonArray());
    } else if (!same(name, text(shall), text(is))) {
      drifts.add(Drift.of(path, is, shall));
    }
  }

  private void list(String path, JsonArray shall, JsonArray is) {
    Optional<String> naming = Overlay.nameOf(shall, is);
    if (naming.isPresent()) {
      things(path, shall, is, naming.get());
      return;
    }
    Set<String> wanted = texts(shall);
    Set<String> had = texts(is);
    if (!wanted.equals(had) && !had.equals(Set.of(MASKED))) {
      drifts.add(Drift.of(path, is, shall));
    }
  }

  private void things(String path, JsonArray shall, JsonArray is, String naming) {
    Map<String, JsonObject> had = Things.byName(is, naming);
    Set<String> foreign = new TreeSet<>(had.keySet());
    for (Map.Entry<String, JsonObject> wanted : Things.byName(shall, naming).entrySet()) {
      String below = path + "/" + wanted.getKey();
      JsonObject thing = had.get(wanted.getKey());
      if (thing == null) {
        drifts.add(Drift.missing(below));
      } else {
        object(below, wanted.getValue(), thing);
      }
      foreign.remove(wanted.getKey());
    }
    foreign.forEach(name -> drifts.add(Drift.foreign(path + "/" + name)));
  }

  private static boolean same(String name, String shall, String is) {
    if (shall.equals(is) || is.equals(MASKED)) {
      return true;
    }
    String separator = SETS.get(name);
    if (separator != null) {
      return split(shall, separator).equals(split(is, separator));
    }
    Optional<Object> wanted = json(shall);
    return wanted.isPresent() && wanted.equals(json(is));
  }

  private static Set<String> split(String text, String separator) {
    return text.isEmpty() ? Set.of() : new HashSet<>(List.of(text.split(separator, -1)));
  }

  private static Optional<Object> json(String text) {
    try {
      return text.startsWith("{")
          ? Optional.of(new JsonObject(text))
          : text.startsWith("[") ? Optional.of(new JsonArray(text)) : Optional.empty();
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  private static Set<String> texts(JsonArray list) {
    return list.stream().map(Comparison::text).collect(Collectors.toSet());
  }

  private static String text(@Nullable Object value) {
    String text = Objects.toString(value, "");
    return text.equals("[]") || text.equals("{}") ? "" : text;
  }
}
