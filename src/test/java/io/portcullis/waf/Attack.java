package io.portcullis.waf;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A request that must be refused.
 *
 * @param id its name in the corpus
 * @param bytes the request as it is sent, one character a byte
 */
record Attack(String id, String bytes) {
  private static final Pattern ESCAPED = Pattern.compile("%[0-9a-fA-F]{2}");
  private static final String JSON = "application/json";

  static Attack of(JsonObject line) {
    String id = line.getString("id");
    if (!line.getString("place").equals("request")) {
      return new Attack(id, at(line.getString("place"), line.getString("value")));
    }
    Map<String, String> headers = new LinkedHashMap<>();
    line.getJsonObject("headers").forEach(h -> headers.put(h.getKey(), (String) h.getValue()));
    return new Attack(
        id,
        request(
            line.getString("method"), line.getString("target"), headers, line.getString("body")));
  }

  /** A request with this value in a place: query, path, header:NAME, cookie, form, json … */
  static String at(String place, String value) {
    if (place.startsWith("header:")) {
      return request("GET", "/api/v1/me", Map.of(place.substring(7), value), "");
    }
    return switch (place) {
      case "query" -> request("GET", "/api/v1/me?q=" + escaped(value), Map.of(), "");
      case "path" -> request("GET", "/api/v1/files/" + segments(value), Map.of(), "");
      case "cookie" -> request("GET", "/api/v1/me", Map.of("Cookie", "theme=" + cookie(value)), "");
      case "form" ->
          request(
              "POST",
              "/api/v1/conversations",
              Map.of("Content-Type", "application/x-www-form-urlencoded"),
              "title=" + escaped(value));
      case "json" -> json("/api/v1/reports", new JsonObject().put("note", value));
      case "json-name" -> json("/api/v1/reports", new JsonObject().put(value, "x"));
      case "body" ->
          request("POST", "/api/v1/reports", Map.of("Content-Type", "application/xml"), value);
      default -> throw new IllegalArgumentException(place);
    };
  }

  static String json(String path, JsonObject metadata) {
    return request(
        "POST",
        path,
        Map.of("Content-Type", JSON),
        new JsonObject().put("metadata", metadata).encode());
  }

  static String request(String method, String target, Map<String, String> headers, String body) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Host", "localhost");
    all.put("User-Agent", "okhttp/4.12.0");
    all.put("Accept", "*/*");
    all.put("Connection", "close");
    all.putAll(headers);
    if (!body.isEmpty()) {
      all.put("Content-Length", "" + body.getBytes(StandardCharsets.UTF_8).length);
    }
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    all.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    byte[] utf8 = text.append("\r\n").append(body).toString().getBytes(StandardCharsets.UTF_8);
    return new String(utf8, StandardCharsets.ISO_8859_1);
  }

  /** As a form has it; what is escaped already stays as it is. */
  private static String escaped(String value) {
    String all = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    return ESCAPED.matcher(value).find() ? all.replace("%25", "%") : all;
  }

  private static String segments(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%25", "%")
        .replace("%2F", "/")
        .replace("%3B", ";");
  }

  /** What may stand in a cookie stays: browsers send most signs as they are. */
  private static String cookie(String value) {
    return value.replaceAll("[^ -~]", "").replace(";", "%3B");
  }
}
