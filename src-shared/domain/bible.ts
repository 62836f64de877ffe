import { z } from 'zod';
import { slugSchema } from './ids.ts';

const text = z.string().default('');

const bibleCharacterSchema = z.strictObject({
  id: slugSchema,
  name: z.string().min(1),
  description: text,
  identity_invariants: z
    .strictObject({
      build: text,
      eye_color: text,
      hair_color: text,
      skin_tone: text,
      distinguishing: z.array(z.string()).default([]),
    })
    .optional(),
  phases: z.array(z.strictObject({ id: z.string(), wardrobe: text, distinguishing_marks: text })).default([]),
});

const bibleLocationSchema = z.strictObject({ id: slugSchema, name: z.string().min(1), description: text });

const biblePropSchema = z.strictObject({
  id: slugSchema,
  name: z.string().min(1),
  description: text,
  associated_characters: z.array(slugSchema).default([]),
  initial_state: z.string().optional(),
  states: z.record(z.string(), z.strictObject({ visual_delta: text })).default({}),
  carriable: z.boolean().default(false),
});

/** `bible/bible.json`: who and what the story shows. */
export const bibleFileSchema = z
  .strictObject({
    schema_version: z.literal('circletake.bible.v1'),
    title: z.string(),
    logline: text,
    look: text,
    characters: z.array(bibleCharacterSchema),
    locations: z.array(bibleLocationSchema),
    props: z.array(biblePropSchema).default([]),
  })
  .superRefine((bible, context) => {
    const characters = new Set(bible.characters.map((character) => character.id));
    bible.props.forEach((prop, index) => {
      for (const id of prop.associated_characters) {
        if (characters.has(id)) continue;
        context.addIssue({
          code: 'custom',
          path: ['props', index, 'associated_characters'],
          message: `no character ${id} in this bible`,
        });
      }
      if (prop.initial_state !== undefined && !(prop.initial_state in prop.states)) {
        context.addIssue({
          code: 'custom',
          path: ['props', index, 'initial_state'],
          message: `no state ${prop.initial_state}`,
        });
      }
    });
  });
export type BibleFile = z.infer<typeof bibleFileSchema>;
