/**
 * Requests and answers over the event bus. May import {@code json}, {@code config} and {@code
 * model}.
 */
@NullMarked
package io.portcullis.service;

import org.jspecify.annotations.NullMarked;
