/** The whole chain, run by {@code ./stack} and used as a user does. */
package io.middleware.systemtests;
