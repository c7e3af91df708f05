package io.portcullis.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a secret comes from: its key or the file that {@code …-file} names, never both. A variable
 * of either kind goes before both keys of the file. No error tells anything of the secret.
 */
final class SecretSource {
  private final Reading reading;
  private final Declaration direct;
  private final Declaration byFile;

  SecretSource(Reading reading, Declaration direct, Declaration byFile) {
    this.reading = reading;
    this.direct = direct;
    this.byFile = byFile;
  }

  /** The secret; empty when nothing is given, or when it is wrong, which is then a problem. */
  Secret read(Optional<Given> givenDirect, Optional<Given> givenFile) {
    boolean variable = isVariable(givenDirect) || isVariable(givenFile);
    Optional<Given> text = givenDirect.filter(given -> !variable || isVariable(givenDirect));
    Optional<Given> file = givenFile.filter(given -> !variable || isVariable(givenFile));
    if (text.isPresent() && file.isPresent()) {
      reading.problem(
          file.get().origin(),
          byFile.key(),
          "is given beside " + direct.key() + " (" + text.get().origin().place() + "); give one");
      return new Secret("");
    }
    return new Secret(text.map(this::fromText).or(() -> file.map(this::fromFile)).orElse(""));
  }

  private String fromText(Given given) {
    return scalar(given, direct)
        .map(
            text -> {
              if (text.chars().anyMatch(Character::isISOControl)) {
                reading.problem(
                    given.origin(),
                    direct.key(),
                    "has more than one line or control characters; expected one line of text");
                return "";
              }
              reading.settle(direct, text, given.origin());
              return text;
            })
        .orElse("");
  }

  private String fromFile(Given given) {
    Optional<String> path = scalar(given, byFile);
    if (path.isEmpty()) {
      return "";
    }
    reading.settle(byFile, path.get(), given.origin());
    try {
      Path file = TextForms.path().parse(path.get());
      String secret = FileText.readSecret(file);
      reading.settle(direct, secret, given.origin());
      return secret;
    } catch (BadValueException e) {
      reading.problem(
          given.origin(),
          byFile.key(),
          Quote.plain(path.get())
              + " "
              + e.reason()
              + "; expected a file with the secret on one line");
      return "";
    }
  }

  private Optional<String> scalar(Given given, Declaration declaration) {
    if (given.node() instanceof YamlNode.Scalar scalar && !scalar.empty()) {
      return Optional.of(scalar.text());
    }
    reading.problem(
        given.origin(),
        declaration.key(),
        "is " + given.node().noun() + "; expected " + declaration.expected());
    return Optional.empty();
  }

  private static boolean isVariable(Optional<Given> given) {
    return given.filter(g -> g.origin().source() == Origin.Source.ENVIRONMENT).isPresent();
  }
}
