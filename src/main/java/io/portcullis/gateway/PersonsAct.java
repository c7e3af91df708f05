package io.portcullis.gateway;

import io.vertx.core.MultiMap;
import java.util.List;

/**
 * Whether a person went to this address, as browsers tell it (W3C Fetch Metadata): by typing, by a
 * bookmark, from a page of this site, or by a click on another's. Not: a page that leads on by
 * itself, a picture or a frame, a browser that loads beforehand what it thinks will be wanted. Who
 * says nothing of it is no browser, or one from before 2023.
 */
final class PersonsAct {
  private static final String DOCUMENT = "document";
  private static final String ACTIVATED = "?1";
  private static final List<String> NEAR = List.of("none", "same-origin", "same-site");

  private PersonsAct() {}

  static boolean seen(MultiMap headers) {
    List<String> sites = headers.getAll("sec-fetch-site");
    if (sites.isEmpty()) {
      return true;
    }
    boolean near = sites.size() == 1 && NEAR.contains(sites.getFirst());
    boolean clicked = headers.getAll("sec-fetch-user").equals(List.of(ACTIVATED));
    return (near || clicked)
        && headers.getAll("sec-fetch-dest").stream().allMatch(DOCUMENT::equals)
        && !headers.contains("sec-purpose");
  }
}
