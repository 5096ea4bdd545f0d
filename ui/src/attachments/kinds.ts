import * as m from "#texts";
import type { IconName } from "../parts/icons";
import type { AttachmentView } from "../platform/bindings/AttachmentView";

/** How a file can be looked at. */
export type Kind = "picture" | "video" | "pdf" | "audio" | "file";

export function kindOf({ media }: Pick<AttachmentView, "media">): Kind {
  if (media.startsWith("image/")) {
    return "picture";
  }
  if (media.startsWith("video/")) {
    return "video";
  }
  if (media.startsWith("audio/")) {
    return "audio";
  }
  return media === "application/pdf" ? "pdf" : "file";
}

export function kindWords(kind: Kind): string {
  return { picture: m.attach_kind_picture, video: m.attach_kind_video, pdf: m.attach_kind_pdf, audio: m.attach_kind_audio, file: m.attach_kind_file }[kind]();
}

export const kindIcons: Record<Kind, IconName> = { picture: "picture", video: "play", pdf: "document", audio: "wave", file: "document" };
