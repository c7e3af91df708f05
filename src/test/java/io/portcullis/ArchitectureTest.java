package io.portcullis;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.List;
import java.util.Set;

/**
 * Who may import whom. The rooms stand in columns; a room sees the columns to its right and nothing
 * else, and strangers in its own column stay strangers.
 */
@AnalyzeClasses(packages = "io.portcullis", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String HOUSE = "io.portcullis";

  /** Left to right. A room may use what stands in a later column. */
  private static final List<Set<String>> COLUMNS =
      List.of(
          Set.of("command"),
          Set.of("bench"),
          Set.of("", "local"),
          Set.of("gateway", "operate"),
          Set.of("chat"),
          Set.of("identity", "limit", "tenant", "audit", "upstream", "waf", "session", "realm"),
          Set.of("service", "redis"),
          Set.of("tls"),
          Set.of("json"),
          Set.of("config"),
          Set.of("model"));

  @ArchTest
  static void rooms_lookOnlyRight(JavaClasses house) {
    List<String> violations =
        house.stream()
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(dependency -> dependency.getTargetClass().getPackageName().startsWith(HOUSE))
            .filter(
                dependency -> !allowed(dependency.getOriginClass(), dependency.getTargetClass()))
            .map(dependency -> dependency.getDescription())
            .sorted()
            .distinct()
            .toList();
    assertEquals(List.of(), violations);
  }

  @ArchTest
  static void rooms_areAllOnThePlan(JavaClasses house) {
    List<String> unknown =
        house.stream().filter(type -> column(type) < 0).map(JavaClass::getName).toList();
    assertEquals(List.of(), unknown);
  }

  @ArchTest
  static final ArchRule ROOMS_HAVE_NO_CYCLES =
      slices().matching(HOUSE + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule SQL_STAYS_IN_TENANT =
      library("tenant", "local")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vertx.sqlclient..",
              "io.vertx.pgclient..",
              "java.sql..",
              "org.flywaydb..",
              "org.postgresql..");

  @ArchTest
  static final ArchRule REDIS_STAYS_WITH_STATE =
      library("redis", "limit")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.redis..");

  @ArchTest
  static final ArchRule WEB_STAYS_AT_THE_DOOR =
      library("gateway", "operate")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.ext.web..");

  @ArchTest
  static final ArchRule JOSE_STAYS_IN_IDENTITY =
      library("identity").should().dependOnClassesThat().resideInAnyPackage("com.nimbusds..");

  @ArchTest
  static final ArchRule OAUTH2_STAYS_WITH_LOGINS =
      library("session")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.ext.auth.oauth2..");

  @ArchTest
  static final ArchRule X509_STAYS_IN_TLS =
      library("tls").should().dependOnClassesThat().resideInAnyPackage("org.bouncycastle..");

  @ArchTest
  static final ArchRule COMMAND_LINE_STAYS_IN_COMMANDS =
      library("command", "").should().dependOnClassesThat().resideInAnyPackage("picocli..");

  @ArchTest
  static final ArchRule EMBEDDED_PARTS_STAY_LOCAL =
      library("local")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.zonky..", "redis.embedded..");

  @ArchTest
  static final ArchRule MODEL_IS_PURE =
      classes()
          .that()
          .resideInAPackage(HOUSE + ".model")
          .should()
          .onlyDependOnClassesThat(
              describe(
                  "are of the JDK, of the model, or Vert.x's Buffer",
                  type ->
                      type.getPackageName().startsWith("java.")
                          || type.getPackageName().equals(HOUSE + ".model")
                          || type.getPackageName().startsWith("org.jspecify")
                          || type.getName().equals("io.vertx.core.buffer.Buffer")
                          || type.isPrimitive()
                          || type.isArray()));

  @ArchTest
  static final ArchRule NOTHING_SLEEPS =
      noClasses()
          .that()
          .resideOutsideOfPackages(HOUSE + ".local", HOUSE + ".command")
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class);

  private static GivenClassesConjunction library(String... homes) {
    Set<String> allowed = Set.of(homes);
    return noClasses()
        .that(describe("live outside of " + allowed, type -> !allowed.contains(room(type))));
  }

  private static boolean allowed(JavaClass origin, JavaClass target) {
    String from = room(origin);
    String to = room(target);
    if (from.equals(to)) {
      return true;
    }
    // The entry hands over to the commands; the floor plan is what they start.
    boolean entry = origin.getName().startsWith(HOUSE + ".Main") && to.equals("command");
    boolean plan = from.equals("local") && to.isEmpty();
    return entry || plan || column(origin) < column(target);
  }

  private static int column(JavaClass type) {
    for (int i = 0; i < COLUMNS.size(); i++) {
      if (COLUMNS.get(i).contains(room(type))) {
        return i;
      }
    }
    return -1;
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(HOUSE) ? "" : name.substring(HOUSE.length() + 1);
  }
}
