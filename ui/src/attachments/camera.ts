import * as m from "#texts";

/** Whether this window can be given a camera at all. */
export function cameraThere(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

/** Why there is no picture from the camera, and what to do instead. */
export function cameraWords(error: unknown): string {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return m.camera_denied();
    case "NotReadableError":
    case "AbortError":
      return m.camera_busy();
    default:
      return m.camera_none();
  }
}

/** The camera's moving picture; the back one of a tablet, which sees the pipe and not the face. */
export function openCamera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
    audio: false,
  });
}

/** What the camera sees at this moment. */
export function shoot(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
}
