package io.portcullis.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What somebody wrote for a key, and where.
 *
 * @param origin the key's line, or the variable
 * @param node what stands there
 */
record Given(Origin origin, YamlNode node) {
  static Given variable(String name, String text) {
    return new Given(Origin.variable(name), new YamlNode.Scalar(0, text, false));
  }

  /** The elements of a list: of the file's, or of a variable's text between commas. */
  Optional<List<YamlNode.Scalar>> scalars() {
    return switch (node) {
      case YamlNode.Scalar scalar when origin.source() == Origin.Source.ENVIRONMENT ->
          Optional.of(split(scalar.text()));
      case YamlNode.Sequence sequence -> plain(sequence.items());
      default -> Optional.empty();
    };
  }

  /** Where an element stands: lists may span lines. */
  Origin at(YamlNode.Scalar element) {
    return element.line() == 0 ? origin : Origin.file(origin.name(), element.line());
  }

  private static List<YamlNode.Scalar> split(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1))
            .map(part -> new YamlNode.Scalar(0, part.strip(), false))
            .toList();
  }

  private static Optional<List<YamlNode.Scalar>> plain(List<YamlNode> items) {
    List<YamlNode.Scalar> scalars = new ArrayList<>();
    for (YamlNode item : items) {
      if (!(item instanceof YamlNode.Scalar scalar)) {
        return Optional.empty();
      }
      scalars.add(scalar);
    }
    return Optional.of(scalars);
  }
}
