/** What tests share: real servers, proxies, keys. */
@NullMarked
package io.portcullis.testing;

import org.jspecify.annotations.NullMarked;
