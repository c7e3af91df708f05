package io.portcullis.realm;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A browser without a picture: asks for a login as the gateway does, fills in Keycloak's forms,
 * keeps its cookies, and redeems the code.
 */
final class LoginPages implements AutoCloseable {
  private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
  private static final Pattern SECRET = Pattern.compile("name=\"totpSecret\" value=\"([^\"]+)\"");
  private static final String VERIFIER = "a-verifier-that-is-long-enough-for-the-rule-of-43-signs";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> cookies = new TreeMap<>();
  private final URI endpoints;
  private final String client;
  private final String secret;
  private final String redirect;
  private String page = "";

  LoginPages(URI issuer, String client, String secret, String redirect) {
    this.endpoints = URI.create(issuer + "/protocol/openid-connect/");
    this.client = client;
    this.secret = secret;
    this.redirect = redirect;
  }

  /** Begins a login; answers the page, or the code when none is needed. */
  String begin(String scope, String acr) {
    return begin(scope, acr, Map.of());
  }

  /** The same with more in the query. */
  String begin(String scope, String acr, Map<String, String> more) {
    Map<String, String> query = new LinkedHashMap<>(more);
    query.put("client_id", client);
    query.put("response_type", "code");
    query.put("redirect_uri", redirect);
    query.put("scope", scope);
    query.put("code_challenge", challenge());
    query.put("code_challenge_method", "S256");
    if (!acr.isEmpty()) {
      query.put("acr_values", acr);
    }
    return follow(send(HttpRequest.newBuilder(endpoints.resolve("auth?" + encode(query))).GET()));
  }

  /** Submits the form of the last page; answers the next page, or the code. */
  String submit(Map<String, String> fields) {
    Matcher action = ACTION.matcher(page);
    if (!action.find()) {
      throw new AssertionError("no form in " + page);
    }
    URI target = URI.create(action.group(1).replace("&amp;", "&"));
    return follow(
        send(
            HttpRequest.newBuilder(target)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encode(fields)))));
  }

  /** Sets up the second factor that the last page offers; answers the next page, or the code. */
  String enrol(Totp totp) {
    Matcher offered = SECRET.matcher(page);
    if (!offered.find()) {
      throw new AssertionError("no enrolment in " + page);
    }
    totp.secret = offered.group(1);
    return submit(Map.of("totpSecret", totp.secret, "totp", totp.code(), "userLabel", "test"));
  }

  /** The tokens for a code. */
  JsonObject redeem(String code) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("client_id", client);
    if (!secret.isEmpty()) {
      form.put("client_secret", secret);
    }
    form.put("code", code);
    form.put("redirect_uri", redirect);
    form.put("code_verifier", VERIFIER);
    JsonObject tokens = new JsonObject(post("token", form));
    if (!tokens.containsKey("access_token")) {
      throw new AssertionError(tokens.encode());
    }
    return tokens;
  }

  /** Opens one of the endpoints as the browser it is; answers the page. */
  String get(String endpoint, Map<String, String> query) {
    return follow(
        send(HttpRequest.newBuilder(endpoints.resolve(endpoint + "?" + encode(query))).GET()));
  }

  /** Any request to the client's endpoints. */
  String post(String endpoint, Map<String, String> form) {
    return send(HttpRequest.newBuilder(endpoints.resolve(endpoint))
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encode(form))))
        .body();
  }

  static JsonObject claims(String token) {
    byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return new JsonObject(new String(claims, StandardCharsets.UTF_8));
  }

  /** Redirects are followed as long as they stay at Keycloak; one to the client holds the code. */
  private String follow(HttpResponse<String> answer) {
    HttpResponse<String> last = answer;
    for (int hops = 0; hops < 10; hops++) {
      String location = last.headers().firstValue("location").orElse("");
      if (location.isEmpty()) {
        page = last.body();
        return page;
      }
      if (location.startsWith(redirect)) {
        Matcher code = Pattern.compile("[?&]code=([^&]+)").matcher(location);
        return code.find() ? "code:" + code.group(1) : location;
      }
      last = send(HttpRequest.newBuilder(last.uri().resolve(location)).GET());
    }
    throw new AssertionError("redirects without end");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    if (!cookies.isEmpty()) {
      request.header(
          "cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      for (String cookie : answer.headers().allValues("set-cookie")) {
        String pair = cookie.split(";", 2)[0];
        String name = pair.substring(0, pair.indexOf('='));
        if (cookie.contains("Max-Age=0")) {
          cookies.remove(name);
        } else {
          cookies.put(name, pair.substring(name.length() + 1));
        }
      }
      return answer;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String challenge() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String encode(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
