package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variables over the file. */
class EnvironmentTest {
  private static final String UPSTREAM =
      """
      upstreams:
        reports:
          url: http://127.0.0.1:9000
      """;

  private final Path folder;
  private final Path file;

  EnvironmentTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.file = Samples.file(folder, Samples.completed(UPSTREAM));
  }

  /** Every key that the code declares, outside routes, has a variable that overrides it. */
  @Test
  void read_variableOfEachDeclaredKey_overrides() throws IOException {
    assertAllOverridable(declared().filter(declaration -> !isFile(declaration)).toList());
  }

  @Test
  void read_variableOfEachSecretFile_overrides() throws IOException {
    assertAllOverridable(declared().filter(EnvironmentTest::isFile).toList());
  }

  private void assertAllOverridable(List<Declaration> declarations) throws IOException {
    String secret = Files.writeString(folder.resolve("secret"), "a long secret\n").toString();
    Map<String, String> environment = new HashMap<>();
    for (Declaration declaration : declarations) {
      String sample = isFile(declaration) ? secret : declaration.sample();
      environment.put(declaration.variable(), sample);
    }

    var outcome = ConfigLoader.read(file, environment);

    for (Declaration declaration : declarations) {
      Setting setting = setting(outcome, declaration.key());
      String variable = declaration.variable();
      assertEquals(Origin.variable(variable), setting.origin());
      assertEquals(expected(declaration, environment.getOrDefault(variable, "")), setting.shown());
    }
    for (ConfigProblem problem : outcome.problems()) {
      // Samples may break a rule among keys; none may be wrong by itself or unknown.
      assertTrue(problem.message().startsWith("expected "), problem::toString);
    }
    assertTrue(declarations.size() >= 5);
  }

  /** What the file of this test declares outside its routes. */
  private Stream<Declaration> declared() {
    return ConfigLoader.read(file, Map.of()).settings().stream()
        .map(Setting::declaration)
        .filter(declaration -> !declaration.key().startsWith("routes"));
  }

  private static boolean isFile(Declaration declaration) {
    return declaration.key().endsWith("-file");
  }

  private static String expected(Declaration declaration, String sample) {
    if (declaration.secret()) {
      return "******";
    }
    return declaration.expected().startsWith("a list") ? "[" + sample + "]" : sample;
  }

  @Test
  void declarations_variables_areAllDifferent() {
    Set<String> variables = new HashSet<>();
    for (Declaration declaration : ConfigLoader.declarations()) {
      assertTrue(variables.add(declaration.variable()), declaration.variable());
    }
    assertTrue(variables.contains("PORTCULLIS_LIMITS_PER_USER_MAX"));
  }

  @Test
  void load_override_reachesTheRecord() {
    var config =
        ConfigLoader.load(
            file,
            Map.of(
                "PORTCULLIS_LIMITS_PER_USER_MAX", "7",
                "PORTCULLIS_IDENTITY_ISSUERS_KEYCLOAK_JWKS", "https://other.example.com/certs",
                "PORTCULLIS_IDENTITY_ISSUERS_KEYCLOAK_AUDIENCES", " a , b",
                "PORTCULLIS_HTTP_TRUSTED_PROXIES", "",
                "PORTCULLIS_UPSTREAMS_REPORTS_POOL_SIZE", " 3 "));
    assertEquals(7, config.limits().perUser().max());
    var issuer = config.identity().issuers().getFirst();
    assertEquals("https://other.example.com/certs", issuer.jwks().orElseThrow().toString());
    assertEquals(Set.of("a", "b"), issuer.audiences());
    assertEquals(List.of(), config.http().trustedProxies());
    assertEquals(3, config.upstreams().getFirst().poolSize());
  }

  @Test
  void load_overrideOfAWrongValue_mendsIt() throws IOException {
    Path wrong = Samples.file(folder, Samples.completed("http: {port: 80800}\n"));
    var config = ConfigLoader.load(wrong, Map.of("PORTCULLIS_HTTP_PORT", "81"));
    assertEquals(81, config.http().port());
  }

  @Test
  void load_variablesOfTheCertificateCommands_areNoMistake() {
    for (String name : List.of("DIR", "PASSPHRASE", "PASSPHRASE_FILE", "ROOT_PASSPHRASE_FILE")) {
      ConfigLoader.load(file, Map.of("PORTCULLIS_CERTS_" + name, "x"));
    }
    assertEquals(
        "PORTCULLIS_CERTS_PASSPHRASES: overrides no key",
        message(Map.of("PORTCULLIS_CERTS_PASSPHRASES", "x")));
  }

  @Test
  void load_unknownVariable_isNamedWithASuggestion() {
    assertEquals(
        "PORTCULLIS_LIMITS_PER_USR_MAX: overrides no key"
            + " (did you mean \"PORTCULLIS_LIMITS_PER_USER_MAX\"?)",
        message(Map.of("PORTCULLIS_LIMITS_PER_USR_MAX", "1")));
    assertEquals(
        "PORTCULLIS_IDENTITY_ISSUERS_CORP_JWKS: overrides no key",
        message(Map.of("PORTCULLIS_IDENTITY_ISSUERS_CORP_JWKS", "https://a")));
    assertEquals(
        "PORTCULLIS_ROUTES_0_COST: overrides no key",
        message(Map.of("PORTCULLIS_ROUTES_0_COST", "1")));
  }

  @Test
  void load_variablesOfTheLauncherAndOfOthers_areLeftAlone() {
    ConfigLoader.load(
        file,
        Map.of(
            "PORTCULLIS_HOME", "/x",
            "PORTCULLIS_JAVA_OPTS", "-Xmx1g",
            "PORTCULLIS_CONFIG", "x.yaml",
            "PORTCULLIS_STATE", "/y",
            "HTTP_PORT", "x"));
  }

  @Test
  void load_emptyVariable_isAnEmptyValue() {
    assertEquals(
        "PORTCULLIS_HTTP_PORT: http.port: \"\" is not a whole number;"
            + " expected a whole number from 0 to 65535",
        message(Map.of("PORTCULLIS_HTTP_PORT", "")));
    var config = ConfigLoader.load(file, Map.of("PORTCULLIS_HTTP_TENANT_HOSTS", ""));
    assertEquals("", config.http().tenantHosts());
  }

  @Test
  void load_wrongElementInAVariable_isNamed() {
    assertEquals(
        "PORTCULLIS_HTTP_TRUSTED_PROXIES: http.trusted-proxies: \"\" is not a network;"
            + " expected a network such as 10.0.0.0/8",
        message(Map.of("PORTCULLIS_HTTP_TRUSTED_PROXIES", "10.0.0.0/8,")));
  }

  private static Setting setting(ConfigLoader.Outcome outcome, String key) {
    return outcome.settings().stream()
        .filter(setting -> setting.declaration().key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private String message(Map<String, String> environment) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> ConfigLoader.load(file, environment))
            .getMessage());
  }
}
