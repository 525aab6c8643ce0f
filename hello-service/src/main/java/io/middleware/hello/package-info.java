/** The demo server: a greeting goes in, the world comes out. What is not greeting is the starter's. */
package io.middleware.hello;
