/**
 * People who come with a browser: their sessions in Redis, each readable only with the cookie that
 * the browser has. May import {@code redis}, {@code json}, {@code config} and {@code model}; what
 * it needs of others it is handed.
 */
@NullMarked
package io.portcullis.session;

import org.jspecify.annotations.NullMarked;
