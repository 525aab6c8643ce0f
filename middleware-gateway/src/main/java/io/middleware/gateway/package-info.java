/** The gateway as an application: its settings, and the parts that its packages have in common. */
package io.middleware.gateway;
