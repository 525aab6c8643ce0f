/** Lets an instance fail on purpose, so that people can see what its callers make of it. */
package io.middleware.starter.fault;
