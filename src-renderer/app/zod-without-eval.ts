/** Imported before anything else: zod probes `new Function` when a schema is built, which the page's CSP would report. */
import { z } from 'zod';

z.config({ jitless: true });
