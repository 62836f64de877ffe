import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

const shownMs = 1200;

function useCopy(text: string): [boolean, () => void] {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), shownMs);
    });
  };
  return [copied, copy];
}

/** Copies a text and says for a moment that it did, in words. */
export function CopyTextButton({ text, children }: { text: string; children: string }) {
  const [copied, copy] = useCopy(text);
  return (
    <button
      type="button"
      onClick={copy}
      className="inline-flex h-6 items-center gap-1 rounded px-1.5 text-xs text-soft hover:bg-hover hover:text-ink"
    >
      {copied ? <Check className="size-3 text-good" /> : <Copy className="size-3" />}
      {copied ? 'Copied' : children}
    </button>
  );
}

/** Copies a text and shows for a moment that it did. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, copy] = useCopy(text);
  return (
    <button
      type="button"
      aria-label={copied ? 'Copied' : label}
      title={copied ? 'Copied' : label}
      onClick={copy}
      className="inline-flex size-5 shrink-0 items-center justify-center rounded text-faint hover:bg-hover hover:text-ink"
    >
      {copied ? <Check className="size-3 text-good" /> : <Copy className="size-3" />}
    </button>
  );
}

/** A whole hash, wrapped, never shortened, with a button that copies it. */
export function HashText({ hash, label }: { hash: string; label: string }) {
  return (
    <span className="flex items-start gap-1">
      <code className="text-selectable min-w-0 flex-1 font-mono text-2xs break-all text-soft">{hash}</code>
      <CopyButton text={hash} label={`Copy ${label}`} />
    </span>
  );
}
