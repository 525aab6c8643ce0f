# Sums the samples of async-profiler's collapsed stacks by layers: one sample counts for the innermost frame that a rule knows.
# Prints a table in Markdown, of the threads that handle calls alone; what other threads took is one row.
BEGIN {
  rule("^(__)?writev$|\\.writev|writevAddress", "write to sockets: writev")
  rule("^(__libc_)?send(to)?$|^__send|Socket\\.send|writeAddress", "write to sockets: send")
  rule("^(__libc_)?recv(from)?$|^__recv|Socket\\.recv|readAddress", "read from sockets")
  rule("epoll_|[eE]pollWait|eventFd|timerFd", "wait for events (epoll)")
  rule("ResourceLeak|LeakAware", "leak detection")
  rule("http2/(Hpack|DefaultHttp2HeadersDecoder)[A-Za-z0-9]*Decod|HpackDecoder|DefaultHttp2HeadersDecoder", "HTTP/2: header compression, decoding")
  rule("Hpack|DefaultHttp2HeadersEncoder", "HTTP/2: header compression, encoding")
  rule("FlowController|ByteDistributor|FlowState|FlowControlled|CoalescingBufferQueue", "HTTP/2: flow control and its queues")
  rule("DefaultHttp2Connection\\$|DefaultHttp2Connection\\.", "HTTP/2: streams of a connection")
  rule("io/netty/handler/codec/http2/", "HTTP/2: frames, codec")
  rule("io/netty/handler/codec/", "bytes to frames")
  rule("io/netty/buffer/|Recycler", "buffers")
  rule("DefaultHeaders|io/netty/util/AsciiString", "headers")
  rule("io/netty/channel/(ChannelOutboundBuffer|AbstractChannel|epoll|uring|unix)", "channels, sockets")
  rule("io/netty/channel/", "pipelines")
  rule("io/netty/util/concurrent/|io/netty/util/internal/shaded/org/jctools", "tasks, timers, promises")
  rule("io/netty/", "Netty, other")
  rule("io/middleware/core/", "ours: core")
  rule("io/middleware/gateway/transport/", "ours: transport")
  rule("io/middleware/gateway/(ingress|headers)/", "ours: ingress, headers")
  rule("io/middleware/gateway/(meters|recorder|ended|accesslog|tap|dashboard)", "ours: meters, recorder")
  rule("io/middleware/gateway/balancer/|springframework/cloud", "ours: balancer")
  rule("io/middleware/", "ours: other")
  rule("resilience4j", "Resilience4j")
  rule("micrometer|prometheus", "Micrometer")
  rule("reactor/|springframework", "Spring, Reactor")
}
function rule(pattern, layer) { rules[++count] = pattern; layers[count] = layer }
{
  samples = $NF
  stack = $0
  sub(/ [0-9]+$/, "", stack)
  depth = split(stack, frames, ";")
  all += samples
  if (frames[1] !~ /^\[?(call|reactor-http)-/) {
    others += samples
    next
  }
  total += samples
  layer = "JDK and JVM"
  for (i = depth; i > 1 && layer == "JDK and JVM"; i--)
    for (j = 1; j <= count; j++)
      if (frames[i] ~ rules[j]) { layer = layers[j]; break }
  sum[layer] += samples
}
END {
  if (!total) { print "No samples of the threads that handle calls."; exit 1 }
  print "| layer | share | us a call |"
  print "|---|---|---|"
  fflush()
  for (layer in sum) printf "| %s | %.1f %% | %.1f |\n", layer, 100 * sum[layer] / all, cpu * sum[layer] / all | "sort -t '|' -k 3 -rn"
  close("sort -t '|' -k 3 -rn")
  printf "| other threads: compilers, collector, Consul | %.1f %% | %.1f |\n", 100 * others / all, cpu * others / all
  printf "| **all** | 100 %% | %.1f |\n", cpu
}
