package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What people write, through the real Nginx and ModSecurity: in messages, and outside them. */
@Timeout(600)
final class TalkIT {
  private static final String CONVERSATIONS = "/api/v1/conversations";
  private static final String CONVERSATION =
      CONVERSATIONS + "/0198c0de-0000-7000-8000-000000000001";
  private static final String MESSAGES = CONVERSATION + "/messages";
  private static final String COMPLETIONS = "/ai/v1/chat/completions";
  private static final String JSON = "application/json";

  private static WafEdge edge;

  private final List<Corpus.Talk> talk = Corpus.talk();

  @BeforeAll
  static void start() {
    edge = WafEdge.ours("waf-talk");
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @Test
  void corpus_ofTalk_isLargeAndMostlyWrittenByHand() {
    assertTrue(talk.size() >= 1_000, "messages: " + talk.size());
    assertTrue(talk.stream().filter(Corpus.Talk::made).count() * 3 <= talk.size());
    assertEquals(talk.size(), talk.stream().map(Corpus.Talk::text).distinct().count(), "each once");
    assertTrue(talk.stream().map(Corpus.Talk::language).collect(Collectors.toSet()).size() >= 15);
  }

  @Test
  void messages_ofHonestPeople_passOnEveryRoute() {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < talk.size(); i++) {
      String text = talk.get(i).text();
      // Each message on each route, and each in both spellings of JSON across the routes.
      boolean ascii = i % 2 == 0;
      requests.add(message(text, ascii));
      requests.add(title(i % 4 < 2, text, !ascii));
      requests.add(completion(i % 3 == 0 ? text : parts(text), ascii));
    }
    assertEquals(List.of(), blocked(edge, requests));
  }

  @Test
  void attacks_outsideTheMessageFields_areRefused() {
    List<String> passed = new ArrayList<>();
    for (Corpus.Talk message : talk) {
      if (message.attack().isEmpty() || message.made()) {
        continue;
      }
      String attack = message.attack().get();
      JsonObject nested = new JsonObject().put("content", attack);
      List<String> requests =
          List.of(
              Attack.at("query", attack),
              post(MESSAGES, new JsonObject().put("content", "x").put("metadata", attack)),
              post(MESSAGES, new JsonObject().put("title", attack)),
              post(MESSAGES, new JsonObject().put(attack, "x")),
              post(MESSAGES, new JsonObject().put("x", nested)),
              post(MESSAGES, new JsonObject().put("Content", attack)),
              post(CONVERSATIONS, new JsonObject().put("content", attack)),
              post(CONVERSATION, new JsonObject().put("title", attack)),
              post(
                  "/ai/v1/embeddings",
                  new JsonObject().put("messages", new JsonArray().add(nested))),
              post(COMPLETIONS, new JsonObject().put("Messages", new JsonArray().add(nested))),
              post(
                  COMPLETIONS,
                  new JsonObject().put("messages", new JsonObject().put("array_0", nested))),
              post(COMPLETIONS, new JsonObject().put("messages.array_0.content", attack)),
              post(
                  COMPLETIONS,
                  new JsonObject()
                      .put("messages", new JsonArray().add(new JsonObject().put("role", attack)))));
      List<Integer> statuses = edge.statuses(requests);
      for (int i = 0; i < statuses.size(); i++) {
        if (statuses.get(i) != 403) {
          passed.add(statuses.get(i) + " " + requests.get(i));
        }
      }
    }
    assertEquals(List.of(), passed);
  }

  @Test
  void exclusions_cannotBeReachedByAnotherSpelling() {
    String attack = "<script>alert(1)</script>";
    String body = new JsonObject().put("content", attack).encode();
    Map<String, String> json = Map.of("Content-Type", JSON);
    List<String> requests = new ArrayList<>();
    for (String path :
        List.of(
            "/api/v1//conversations/0198c0de-0000-7000-8000-000000000001/messages",
            MESSAGES + "/",
            MESSAGES + ";x=1",
            MESSAGES + "/.",
            MESSAGES + "%2f",
            MESSAGES + "/x",
            "/api/v1/x/.." + MESSAGES.substring(7),
            "/api/v1/conversations/x/messages",
            MESSAGES.replace("messages", "%6dessages"),
            MESSAGES.replace("/api", "/API"))) {
      requests.add(Attack.request("POST", path, json, body));
    }
    for (String method : List.of("PUT", "PATCH", "DELETE", "GET", "OPTIONS")) {
      requests.add(Attack.request(method, MESSAGES, json, body));
      requests.add(
          Attack.request(
              method,
              COMPLETIONS,
              json,
              new JsonObject()
                  .put("messages", new JsonArray().add(new JsonObject().put("content", attack)))
                  .encode()));
    }
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "text/json")) {
      requests.add(Attack.request("POST", MESSAGES, Map.of("Content-Type", type), body));
    }
    requests.add(
        Attack.request(
            "POST", MESSAGES + "?json.content=%3Cscript%3Ealert(1)%3C/script%3E", json, "{}"));
    requests.add(
        Attack.request(
            "POST",
            COMPLETIONS,
            Map.of("Content-Type", JSON, "Cookie", "json.messages.array_0.content=" + attack),
            "{}"));
    for (int i = 0; i < requests.size(); i++) {
      int status = edge.status(requests.get(i));
      assertTrue(WafEdge.refused(status), status + " " + requests.get(i));
    }
  }

  static List<String> blocked(WafEdge edge, List<String> requests) {
    List<Integer> statuses = edge.statuses(requests);
    List<String> blocked = new ArrayList<>();
    for (int i = 0; i < statuses.size(); i++) {
      if (statuses.get(i) != 200) {
        blocked.add(statuses.get(i) + " " + requests.get(i));
      }
    }
    return blocked;
  }

  static String message(String text, boolean ascii) {
    return send("POST", MESSAGES, new JsonObject().put("content", text), ascii);
  }

  private static String title(boolean create, String text, boolean ascii) {
    return send(
        create ? "POST" : "PATCH",
        create ? CONVERSATIONS : CONVERSATION,
        new JsonObject().put("title", text),
        ascii);
  }

  private static Object parts(String text) {
    return new JsonArray().add(new JsonObject().put("type", "text").put("text", text));
  }

  private static String completion(Object content, boolean ascii) {
    JsonArray messages =
        new JsonArray()
            .add(new JsonObject().put("role", "system").put("content", "Be kind."))
            .add(new JsonObject().put("role", "user").put("content", content));
    return send(
        "POST", COMPLETIONS, new JsonObject().put("model", "m").put("messages", messages), ascii);
  }

  private static String post(String path, JsonObject body) {
    return send("POST", path, body, false);
  }

  private static String send(String method, String path, JsonObject body, boolean ascii) {
    String text = body.encode();
    return Attack.request(
        method, path, Map.of("Content-Type", JSON), ascii ? Ascii.escaped(text) : text);
  }

  /** JSON with everything beyond ASCII as escapes. */
  private static final class Ascii {
    static String escaped(String json) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < json.length(); i++) {
        char c = json.charAt(i);
        text.append(c < 128 ? Character.toString(c) : "\\u%04x".formatted((int) c));
      }
      return text.toString();
    }
  }
}
