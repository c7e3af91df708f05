package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ordinary clients of the API send besides messages. */
@Timeout(120)
final class HonestUseIT {
  private static final String ME = "/api/v1/me";
  private static final String CONVERSATIONS = "/api/v1/conversations";
  private static final String CONVERSATION =
      CONVERSATIONS + "/0198c0de-0000-7000-8000-000000000001";
  private static final String TOKEN =
      "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJzdWIiOiJhbGljZSJ9." + "Ab-_9".repeat(70);

  @Test
  void requests_ofOrdinaryClients_pass() {
    List<String> requests = new ArrayList<>();
    for (String agent :
        List.of(
            "curl/8.5.0",
            "python-requests/2.32.3",
            "okhttp/4.12.0",
            "Go-http-client/2.0",
            "Java-http-client/25",
            "axios/1.7",
            "PostmanRuntime/7.39",
            "Wget/1.21",
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")) {
      requests.add(
          Attack.request(
              "GET", ME, Map.of("User-Agent", agent, "Authorization", "Bearer " + TOKEN), ""));
    }
    for (String tenant : List.of("acme", "globex", "tenant-42", "select", "union", "drop-table")) {
      requests.add(get(ME, Map.of("X-Tenant", tenant)));
    }
    requests.add(get(ME, browser()));
    requests.add(get(ME, Map.of("Accept", "text/event-stream")));
    for (String target :
        List.of(
            "/openapi.json",
            CONVERSATION,
            CONVERSATION + "/messages?limit=20",
            "/auth/session",
            CONVERSATIONS + "?limit=50&cursor=eyJjcmVhdGVkIjoiMjAyNi0xMS0yMVQyMzo1NSIsImlkIjoiMCJ9",
            CONVERSATIONS + "?limit=50&cursor=AZjA3gAAcACAAAAAAAAAAQ%3D%3D",
            "/auth/login?return_to=%2Fapp%2Fchat",
            "/auth/callback?code=0f1e2d3c-4b5a.6978.9abc&state=xYz_123-456&session_state=5b6c"
                + "&iss=http%3A%2F%2F127.0.0.1%3A8180%2Frealms%2Fportcullis",
            "/api/v1/search?q=O%27Brien",
            "/api/v1/search?q=C%2B%2B",
            "/api/v1/search?q=50%25+off",
            "/api/v1/search?q=select+a+plan",
            "/api/v1/search?q=this+or+that",
            "/api/v1/search?q=rock+%27n%27+roll",
            "/api/v1/search?q=it%27s+fine",
            "/api/v1/search?q=%E4%BD%A0%E5%A5%BD",
            "/api/v1/search?from=2026-11-21T10%3A00%3A00Z")) {
      requests.add(get(target, Map.of()));
    }
    requests.add(send("POST", CONVERSATIONS, new JsonObject().put("title", "Hello")));
    requests.add(send("POST", CONVERSATIONS, new JsonObject()));
    requests.add(send("PATCH", CONVERSATION, new JsonObject().put("title", "Renamed")));
    requests.add(Attack.request("DELETE", CONVERSATION, Map.of(), ""));
    requests.add(
        Attack.request(
            "POST",
            "/auth/backchannel-logout",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            "logout_token=" + TOKEN));
    requests.add(send("POST", "/ai/v1/chat/completions", completion()));
    requests.add(
        send(
            "POST",
            "/api/v1/reports",
            new JsonObject()
                .put("name", "Q3 O'Neill & Sons")
                .put("email", "a.b+c@example.com")
                .put("note", "Costs < 100 EUR; see page 3 (draft) -- thanks")
                .put("名前", "x")
                .put("dc:title", "t")));
    try (WafEdge edge = WafEdge.ours("waf-honest")) {
      assertEquals(List.of(), TalkIT.blocked(edge, requests));
    }
  }

  private static Map<String, String> browser() {
    Map<String, String> headers = new TreeMap<>();
    headers.put("Accept-Language", "de-DE,de;q=0.9,en-US;q=0.8");
    headers.put("Accept-Encoding", "gzip, deflate, br, zstd");
    headers.put("Cookie", "__Host-session=Zm9vYmFyYmF6; theme=dark");
    headers.put("Idempotency-Key", "8e03978e-40d5-43e8-bc93-6894a57f9324");
    headers.put("If-None-Match", "W/\"abc-123\"");
    headers.put("Origin", "http://localhost:3000");
    headers.put("Referer", "https://localhost:8443/app?x=1&y=2");
    headers.put("Sec-CH-UA", "\"Chromium\";v=\"128\", \"Not;A=Brand\";v=\"24\"");
    headers.put("X-Forwarded-For", "203.0.113.7, 10.0.0.1");
    headers.put("X-Requested-With", "XMLHttpRequest");
    headers.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    return headers;
  }

  private static JsonObject completion() {
    JsonObject city = new JsonObject().put("type", "string").put("description", "City, e.g. Paris");
    JsonObject weather =
        new JsonObject()
            .put("name", "get_weather")
            .put("description", "Get the weather (don't use it for forecasts).")
            .put(
                "parameters",
                new JsonObject().put("properties", new JsonObject().put("city", city)));
    return new JsonObject()
        .put("model", "llama3.1:8b-instruct-q4_K_M")
        .put(
            "messages",
            new JsonArray().add(new JsonObject().put("role", "user").put("content", "hi")))
        .put("stream", true)
        .put("temperature", 0.7)
        .put("stop", new JsonArray().add("\n\n").add("###"))
        .put("logit_bias", new JsonObject().put("50256", -100))
        .put("tools", new JsonArray().add(new JsonObject().put("function", weather)));
  }

  private static String get(String target, Map<String, String> headers) {
    return Attack.request("GET", target, headers, "");
  }

  private static String send(String method, String target, JsonObject body) {
    return Attack.request(
        method, target, Map.of("Content-Type", "application/json"), body.encode());
  }
}
