package io.portcullis.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One section of the configuration, through which a record reads itself. Each call declares a key
 * once (name, form, default, meaning) and answers its value: from the environment, else from the
 * file, else the default. A wrong value becomes a problem and the reading goes on with the default
 * (or a sample), so that all problems show at once.
 */
final class Section {
  private final Reading reading;
  private final String path;
  private final String name;
  private final YamlNode.Mapping node;
  private final boolean overridable;
  private final Set<String> known = new LinkedHashSet<>();

  private Section(
      Reading reading, String path, String name, YamlNode.Mapping node, boolean overridable) {
    this.reading = reading;
    this.path = path;
    this.name = name;
    this.node = node;
    this.overridable = overridable;
  }

  /** Reads the whole file. */
  static <T> T readAll(Reading reading, YamlNode.Mapping top, Function<Section, T> reader) {
    return new Section(reading, "", "", top, true).readWith(reader);
  }

  /** The last part of this section's key: for a named section its name. */
  String name() {
    return name;
  }

  <T> T value(String key, Form<T> form, String fallback, String about) {
    String shown = fallback.isEmpty() ? Declaration.NONE : fallback;
    return scalar(key, form, shown, about).orElseGet(() -> form.parse(fallback));
  }

  /** A key without a default. */
  <T> T required(String key, Form<T> form, String about) {
    Optional<T> value = scalar(key, form, Declaration.REQUIRED, about);
    if (value.isEmpty()) {
      missing(key, "is missing; expected " + form.expected());
    }
    return value.orElseGet(() -> form.parse(form.sample()));
  }

  /** A key that may be absent; an empty text is the same as absent. */
  <T> Optional<T> optional(String key, Form<T> form, String about) {
    Form<Optional<T>> optional =
        new Form<>(
            form.expected(),
            form.sample(),
            text -> text.isEmpty() ? Optional.empty() : Optional.of(form.parse(text)));
    return scalar(key, optional, Declaration.NONE, about).flatMap(Function.identity());
  }

  /** A list of different values, in the order given; in the environment separated by commas. */
  <T> Set<T> set(String key, Form<T> form, List<String> fallback, String about) {
    return elements(key, form, false, fallback, about);
  }

  /** A list that must not be empty and has no default. */
  <T> Set<T> requiredSet(String key, Form<T> form, String about) {
    Set<T> elements = elements(key, form, true, List.of(), about);
    if (elements.isEmpty()) {
      missing(key, "is missing or empty; expected a list: " + form.expected());
      return Set.of(form.parse(form.sample()));
    }
    return elements;
  }

  /** A secret, by itself or by the file that holds it ({@code key} and {@code key-file}). */
  Secret secret(String key, String about) {
    Declaration direct =
        declare(new Declaration(path(key), "text", "none", "a-sample", about, overridable, true));
    Form<String> path = TextForms.path().map(Object::toString);
    Declaration byFile = declare(key + "-file", path, "none", "a file that holds `" + key + "`");
    return new SecretSource(reading, direct, byFile)
        .read(given(direct, key), given(byFile, key + "-file"));
  }

  <T> T section(String key, Function<Section, T> reader) {
    known.add(key);
    YamlNode.Member member = node.members().get(key);
    YamlNode.Mapping inner = member == null ? empty() : mapping(path(key), member.value());
    return new Section(reading, path(key), key, inner, overridable).readWith(reader);
  }

  /** Sections under names of the operator's choice. Only those in the file exist. */
  <T> List<T> named(String key, Function<Section, T> reader) {
    known.add(key);
    if (reading.isDescribing()) {
      return List.of(
          new Section(reading, path(key) + ".<name>", "<name>", empty(), overridable)
              .readWith(reader));
    }
    List<T> sections = new ArrayList<>();
    YamlNode.Member all = node.members().get(key);
    if (all != null) {
      for (var entry : mapping(path(key), all.value()).members().entrySet()) {
        String inner = path(key) + "." + entry.getKey();
        checkName(entry.getKey(), inner, entry.getValue().line());
        YamlNode.Mapping values = mapping(inner, entry.getValue().value());
        sections.add(
            new Section(reading, inner, entry.getKey(), values, overridable).readWith(reader));
      }
    }
    return List.copyOf(sections);
  }

  /** A list of sections, which variables cannot override. */
  <T> List<T> items(String key, Function<Section, T> reader) {
    known.add(key);
    if (reading.isDescribing()) {
      return List.of(new Section(reading, path(key) + "[]", "", empty(), false).readWith(reader));
    }
    YamlNode.Member member = node.members().get(key);
    if (member == null || isEmpty(member.value())) {
      return List.of();
    }
    if (!(member.value() instanceof YamlNode.Sequence sequence)) {
      wrongShape(path(key), member.value(), "a list of sections");
      return List.of();
    }
    List<T> items = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      String inner = path(key) + "[" + items.size() + "]";
      items.add(new Section(reading, inner, "", mapping(inner, item), false).readWith(reader));
    }
    return List.copyOf(items);
  }

  /**
   * A rule among keys of this section or below. The first of them that somebody set is blamed;
   * nothing is said while one of them is wrong by itself.
   */
  void check(boolean holds, String message, String... keys) {
    if (!holds && !reading.isDescribing()) {
      reading.violated(message, node.line(), Arrays.stream(keys).map(this::path).toList());
    }
  }

  private <T> T readWith(Function<Section, T> reader) {
    T value = reader.apply(this);
    node.members()
        .forEach(
            (key, member) -> {
              if (!known.contains(key)) {
                reading.problem(
                    reading.inFile(member.line()),
                    path(key),
                    "is not a known key" + Suggestion.of(key, known));
              }
            });
    return value;
  }

  private <T> Optional<T> scalar(String key, Form<T> form, String fallback, String about) {
    Declaration declaration = declare(key, form, fallback, about);
    Optional<Given> given = given(declaration, key);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Origin origin = given.get().origin();
    if (!(given.get().node() instanceof YamlNode.Scalar scalar) || scalar.empty()) {
      String noun = given.get().node().noun();
      reading.problem(origin, path(key), "is " + noun + "; expected " + form.expected());
      return Optional.empty();
    }
    return parsed(form, scalar.text(), origin, path(key))
        .map(
            value -> {
              reading.settle(declaration, scalar.text().strip(), origin);
              return value;
            });
  }

  private <T> Set<T> elements(
      String key, Form<T> form, boolean required, List<String> fallback, String about) {
    Form<List<T>> listed =
        new Form<>("a list: " + form.expected(), form.sample(), text -> List.of(form.parse(text)));
    String shown = required ? Declaration.REQUIRED : fallback.toString();
    Declaration declaration = declare(key, listed, shown, about);
    Optional<Given> given = given(declaration, key);
    Set<T> elements = new LinkedHashSet<>();
    if (given.isEmpty()) {
      fallback.forEach(text -> elements.add(form.parse(text)));
      return Collections.unmodifiableSet(elements);
    }
    Optional<List<YamlNode.Scalar>> scalars = given.get().scalars();
    if (scalars.isEmpty()) {
      reading.problem(
          given.get().origin(), path(key), "is not a list; expected a list: " + form.expected());
      return Set.of();
    }
    for (YamlNode.Scalar scalar : scalars.get()) {
      Origin origin = given.get().at(scalar);
      parsed(form, scalar.text(), origin, path(key))
          .filter(element -> !elements.add(element))
          .ifPresent(
              again -> reading.problem(origin, path(key), Quote.of(scalar.text()) + " is twice"));
    }
    reading.settle(
        declaration,
        scalars.get().stream().map(scalar -> scalar.text().strip()).toList().toString(),
        given.get().origin());
    return Collections.unmodifiableSet(elements);
  }

  private <T> Optional<T> parsed(Form<T> form, String text, Origin origin, String full) {
    try {
      return Optional.of(form.parse(text));
    } catch (BadValueException e) {
      reading.problem(
          origin, full, Quote.of(text) + " " + e.reason() + "; expected " + form.expected());
      return Optional.empty();
    }
  }

  private Declaration declare(String key, Form<?> form, String fallback, String about) {
    return declare(
        new Declaration(
            path(key), form.expected(), fallback, form.sample(), about, overridable, false));
  }

  private Declaration declare(Declaration declaration) {
    known.add(declaration.key().substring(path.isEmpty() ? 0 : path.length() + 1));
    reading.declare(declaration, node.line());
    return declaration;
  }

  private Optional<Given> given(Declaration declaration, String key) {
    return reading
        .variable(declaration)
        .map(text -> Given.variable(declaration.variable(), text))
        .or(
            () ->
                Optional.ofNullable(node.members().get(key))
                    .map(member -> new Given(reading.inFile(member.line()), member.value())));
  }

  private void missing(String key, String message) {
    if (!reading.isDescribing() && !reading.isBroken(path(key))) {
      reading.problem(reading.nowhere(node.line()), path(key), message);
    }
  }

  private YamlNode.Mapping mapping(String full, YamlNode value) {
    if (value instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    if (!isEmpty(value)) {
      wrongShape(full, value, "a section");
    }
    return new YamlNode.Mapping(value.line(), Map.of());
  }

  private void wrongShape(String full, YamlNode value, String expected) {
    reading.problem(
        reading.inFile(value.line()), full, "is " + value.noun() + "; expected " + expected);
  }

  private void checkName(String given, String full, int line) {
    if (!given.matches("[a-z][a-z0-9-]{0,30}")) {
      reading.problem(
          reading.inFile(line), full, "is not a name; expected a-z, 0-9 and -, a letter first");
    }
  }

  private YamlNode.Mapping empty() {
    return new YamlNode.Mapping(node.line(), Map.of());
  }

  private static boolean isEmpty(YamlNode value) {
    return value instanceof YamlNode.Scalar scalar && scalar.empty();
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
