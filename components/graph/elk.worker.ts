/** ELK registers its own message handler when it is loaded inside a worker. */
import 'elkjs/lib/elk-worker.min.js';
