package io.portcullis.model;

/**
 * What a verified logout token says (OpenID Connect Back-Channel Logout 1.0, section 2.4).
 *
 * @param issuer who issued it
 * @param id unique, so that it counts once ({@code jti})
 * @param subject whose sessions end; empty when only a session is named
 * @param session which of the issuer's sessions ends ({@code sid}); empty for all of the subject's
 */
public record LogoutToken(String issuer, String id, String subject, String session) {}
