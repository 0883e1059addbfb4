import {
  everyPermission,
  makeEncryption,
  protectionWarnings,
  type EncryptionMethod,
  type Permissions,
  type Protection,
} from '../crypt/encryption.ts';
import { setCryptFilters } from '../document/crypt-filters.ts';
import { declareExtension } from '../document/extensions.ts';
import { laterVersion } from '../file/header.ts';
import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import { rewrite, type RewriteOptions, type RewriteResult } from './rewrite.ts';

/** How a document is opened, and what it is protected by. */
export interface EncryptOptions extends RewriteOptions {
  /** Opens the document, bound by the permissions. Empty, as if nothing is said: anybody may open it. */
  readonly userPassword?: string | undefined;
  /**
   * Opens the document without bounds. Where it is empty or not given, it is drawn at random, so that nobody has it and the
   * user password does not lift the permissions.
   */
  readonly ownerPassword?: string | undefined;
  /** `aes-256` if nothing is said. */
  readonly method?: EncryptionMethod | undefined;
  /** What is not named is allowed. */
  readonly permissions?: Partial<Permissions> | undefined;
  /** False leaves metadata streams in the clear, so that they can be searched; the RC4 methods cannot. True if not given. */
  readonly encryptMetadata?: boolean | undefined;
}

/** The version that brought each method; AES with 256 bits came with an extension of 1.7, and is part of 2.0. */
const versions: Readonly<Record<EncryptionMethod, string>> = {
  'aes-256': '1.7',
  'aes-128': '1.6',
  'rc4-128': '1.4',
  'rc4-40': '1.1',
};

/**
 * Writes a document encrypted, with all that it has. An encrypted document is opened first, and only the new passwords open
 * the result. The bytes differ each time, as keys are drawn at random. Throws PdfError, `new-password` for a password that
 * the method cannot use; the sink is finished, or discarded on any error. The source is left to the caller to close.
 */
export function encrypt(source: Source, sink: Sink, options: EncryptOptions = {}): RewriteResult {
  const protection = protectionOf(options);
  const { method } = protection;
  return rewrite(source, sink, options, (document, warnings) => {
    for (const warning of protectionWarnings(protection)) warnings.add(warning);
    const version = laterVersion(document.version, versions[method]);
    return {
      version,
      // Readers that are too old for AES are too old for object streams.
      objectStreams: document.file.hasStreams && method.startsWith('aes'),
      encryption: (fileId) => makeEncryption(protection, fileId),
      prepare(copy) {
        setCryptFilters(copy, protection.encryptMetadata || method.startsWith('rc4'));
        if (method === 'aes-256' && version === '1.7') declareExtension(copy);
      },
    };
  });
}

function protectionOf(options: EncryptOptions): Protection {
  return {
    method: options.method ?? 'aes-256',
    userPassword: options.userPassword ?? '',
    ownerPassword: options.ownerPassword ?? '',
    permissions: { ...everyPermission, ...options.permissions },
    encryptMetadata: options.encryptMetadata ?? true,
  };
}
