package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Browser;
import io.portcullis.testing.EventStream;
import io.portcullis.testing.KeycloakPages;
import io.portcullis.testing.Visitor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody signs out one of their devices in Keycloak's account console; both nodes know. */
@Timeout(180)
final class AccountLogoutIT {
  private static final String USER = "dora";
  private static final String PASSWORD = "correct-horse-battery-2";
  private static final Duration PROMISED = Duration.ofSeconds(1);

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private static PeopleSystem people;

  @BeforeAll
  static void start() {
    people = PeopleSystem.start("account", 2);
    people.admin.createUser(PeopleSystem.REALM, USER, PASSWORD, "user");
    people.admin.addMember(PeopleSystem.REALM, "acme", USER);
  }

  @AfterAll
  static void stop() {
    people.admin.deleteUser(PeopleSystem.REALM, USER);
    people.close();
  }

  @Test
  void deviceSignedOutInTheConsole_endsSessionAndStreamsOnBothNodesWithinASecond()
      throws Exception {
    try (Visitor desk = new Visitor();
        Visitor other = new Visitor();
        Browser phone = Browser.start();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      people.logIn(desk, USER, PASSWORD, "acme");
      String cookie = PeopleSystem.cookie(desk);
      var pages = new KeycloakPages(phone);
      pages.openDevices(URI.create(people.system.issuer()));
      pages.logIn(USER, PASSWORD);
      pages.chooseOtherDevice();
      people.logIn(other, USER, PASSWORD, "acme");
      try (EventStream first = stream(0, cookie);
          EventStream second = stream(1, cookie);
          EventStream untouched = stream(1, PeopleSystem.cookie(other))) {
        assertEquals(200, me(0, cookie));
        assertEquals(200, me(1, cookie));
        var refused =
            List.of(
                CompletableFuture.supplyAsync(() -> refused(0, cookie), threads),
                CompletableFuture.supplyAsync(() -> refused(1, cookie), threads));
        pages.confirm();
        long asked = phone.asked("/account/sessions/(?!devices)");
        List<Long> took = new ArrayList<>();
        for (CompletableFuture<Long> node : refused) {
          took.add(node.get(15, TimeUnit.SECONDS) - asked);
        }
        for (EventStream stream : List.of(first, second)) {
          took.add(stream.ended(Duration.ofSeconds(5)).orElseThrow() - asked);
        }
        System.out.println("signed out: sessions and streams of two nodes after " + took + " ms");
        took.forEach(each -> assertTrue(each <= PROMISED.toMillis(), took::toString));
        assertFalse(untouched.isEnded(), "another session of the same person goes on");
        assertEquals(200, me(0, PeopleSystem.cookie(other)));
      }
    }
  }

  private static EventStream stream(int node, String cookie) {
    EventStream stream = EventStream.open(people.at(node, "/app/events"), "Cookie", cookie);
    assertEquals(200, stream.status());
    stream.await("data: begun");
    return stream;
  }

  /** When this node first answered 401 (epoch milliseconds); before, it says 200 and only that. */
  private static long refused(int node, String cookie) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < deadline) {
      int status = me(node, cookie);
      if (status != 200) {
        assertEquals(401, status);
        return System.currentTimeMillis();
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    throw new AssertionError("node " + node + " still lets the session in");
  }

  private static int me(int node, String cookie) {
    HttpRequest request =
        HttpRequest.newBuilder(people.at(node, "/api/v1/me"))
            .timeout(Duration.ofSeconds(10))
            .header("Cookie", cookie)
            .build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
