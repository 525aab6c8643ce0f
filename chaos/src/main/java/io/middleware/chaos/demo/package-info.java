/** The demonstration: acts that people watch, each of which shows a concept. */
package io.middleware.chaos.demo;
