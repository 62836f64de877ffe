import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

/** Copies a text and shows for a moment that it did. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1200);
    });
  };
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
