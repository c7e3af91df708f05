package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.portcullis.testing.EventStream;
import io.portcullis.testing.SlowTokens;
import io.portcullis.testing.Visitor;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real Keycloak, five seconds late, at the moment an access token has expired. */
@Timeout(120)
final class RefreshIT {
  private static final int REQUESTS = 200;
  private static final Duration LATE = Duration.ofSeconds(5);
  private static final Duration TOKEN_LIFE = Duration.ofSeconds(3);

  private static final String PASSWORD = "correct-horse-battery-3";

  private static SlowTokens tokens;
  private static PeopleSystem people;

  @BeforeAll
  static void start() {
    String endpoint = "/realms/" + PeopleSystem.REALM + "/protocol/openid-connect/token";
    tokens = SlowTokens.start(TestSystem.shared().keycloak().resolve(endpoint), LATE);
    people =
        PeopleSystem.start(
            "refresh",
            2,
            "LOGIN_TOKEN_ENDPOINT",
            tokens.address().toString(),
            "LIMITS_PER_USER_MAX",
            "9000",
            "LIMITS_PER_IP_MAX",
            "9000");
  }

  @AfterAll
  static void stop() {
    people.close();
    tokens.close();
  }

  /** Both at once, since each takes as long as Keycloak does. */
  @Test
  void parallelRequests_asTheTokenExpires_costOneRefreshAndAllAreAnswered() throws Exception {
    try (Visitor alice = new Visitor();
        Visitor bob = new Visitor();
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient http =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads)
                .build()) {
      tokensLive(TOKEN_LIFE);
      people.logIn(alice, "alice", "alice", "acme");
      people.logIn(bob, "bob", "bob", "globex");
      tokensLive(Duration.ofMinutes(5)); // those of the refresh
      long expired = System.nanoTime() + TOKEN_LIFE.toNanos();
      Await.until("the tokens' end", () -> System.nanoTime() > expired);
      long begun = System.nanoTime();
      var oneNode = send(http, PeopleSystem.cookie(alice), index -> 0);
      var bothNodes = send(http, PeopleSystem.cookie(bob), index -> index % 2);
      Map<Integer, Long> one = statuses(oneNode);
      Map<Integer, Long> both = statuses(bothNodes);
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      System.out.println(2 * REQUESTS + " requests over two refreshes: " + took);
      assertEquals(Map.of(200, (long) REQUESTS), one, RefreshIT::counters);
      assertEquals(Map.of(200, (long) REQUESTS), both, RefreshIT::counters);
      assertTrue(took.compareTo(LATE) >= 0, "nobody was let in with an old token: " + took);
      assertEquals(1, tokens.refreshes(subject("alice")), "alice's refreshes");
      assertEquals(1, tokens.refreshes(subject("bob")), "bob's refreshes");
    }
  }

  /** Nobody asks for anything any more: the two only listen. */
  @Test
  void stream_ofAnAccountThatWasDisabled_endsWithItsToken() {
    for (String user : List.of("dina", "enno")) {
      people.admin.createUser(PeopleSystem.REALM, user, PASSWORD, "user");
      people.admin.addMember(PeopleSystem.REALM, "acme", user);
    }
    try (Visitor dina = new Visitor();
        Visitor enno = new Visitor()) {
      tokensLive(TOKEN_LIFE);
      people.logIn(enno, "enno", PASSWORD, "acme");
      people.logIn(dina, "dina", PASSWORD, "acme");
      tokensLive(Duration.ofMinutes(5)); // those of the refresh
      try (EventStream hers = stream(dina);
          EventStream his = stream(enno)) {
        people.admin.call(
            "PUT",
            PeopleSystem.REALM + "/users/" + subject("dina"),
            "{\"enabled\":false}",
            Set.of(204));
        assertTrue(hers.ended(Duration.ofSeconds(30)).isPresent(), RefreshIT::counters);
        Await.until("renewed for him", () -> tokens.refreshes(subject("enno")) > 0);
        assertFalse(his.isEnded(), "whose token was renewed goes on");
      }
    } finally {
      people.admin.deleteUser(PeopleSystem.REALM, "dina");
      people.admin.deleteUser(PeopleSystem.REALM, "enno");
    }
  }

  private static EventStream stream(Visitor visitor) {
    String cookie = PeopleSystem.cookie(visitor);
    EventStream stream = EventStream.open(people.at(0, "/app/events"), "Cookie", cookie);
    assertEquals(200, stream.status());
    stream.await("data: begun");
    return stream;
  }

  private static List<CompletableFuture<HttpResponse<String>>> send(
      HttpClient http, String cookie, Function<Integer, Integer> node) {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      URI address = people.at(node.apply(i), "/api/v1/me");
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .timeout(Duration.ofSeconds(30))
              .header("Cookie", cookie)
              .build();
      answers.add(http.sendAsync(request, BodyHandlers.ofString()));
    }
    return answers;
  }

  private static Map<Integer, Long> statuses(List<CompletableFuture<HttpResponse<String>>> answers)
      throws Exception {
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(40, TimeUnit.SECONDS);
    return answers.stream()
        .collect(
            Collectors.groupingBy(
                answer -> answer.join().statusCode(), TreeMap::new, Collectors.counting()));
  }

  private static void tokensLive(Duration life) {
    var attribute = new JsonObject().put("access.token.lifespan", "" + life.toSeconds());
    people.changeClient(new JsonObject().put("attributes", attribute));
  }

  /** What the nodes say of their sessions. */
  private static String counters() {
    return people.nodes.stream()
        .flatMap(node -> node.management("/metrics").text().lines())
        .filter(
            line ->
                line.matches("portcullis_(session|redis|state|limit).*[1-9].*")
                    && !line.endsWith(" 0.0"))
        .collect(Collectors.joining("\n"));
  }

  private static String subject(String user) {
    return people.admin.userId(PeopleSystem.REALM, user);
  }
}
