using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Uploads;

/// <summary>Every refusal that an upload can meet (docs/problems.md says the same).</summary>
internal static class UploadProblems
{
    public static readonly Problem Version = new("tus-version", 412, "This server speaks tus 1.0.0: send the header Tus-Resumable: 1.0.0.");
    public static readonly Problem PartType = new("part-type", 415, "The bytes of an upload are sent with Content-Type: application/offset+octet-stream.");
    public static readonly Problem Concatenation =
        new("no-concatenation", 400, "Upload-Concat is not offered: every byte is sealed under its recording's key as it comes, and a part alone knows no recording. Send the file as one upload (with tus-js-client: parallelUploads 1).");
    public static readonly Problem Offset = new("offset-mismatch", 409, "Upload-Offset is not where this upload stands. Ask by HEAD and go on from there.");
    public static readonly Problem TooLong = new("upload-too-long", 413, "The upload is longer than this vault takes. OPTIONS tells the limit (Tus-Max-Size).");
    public static readonly Problem PartTooLong = new("part-too-long", 413, "The request carries more bytes than are missing from the upload. Nothing beyond its length is kept.");
    public static readonly Problem RecordingFull = new("recording-full", 413, "One recording holds at most 256 GiB and 4,096 files. Begin another one.");
    public static readonly Problem Quota = new("quota-reached", 413, "Your organisation's room in this vault is used up. What fitted was kept; free some room and go on.");
    public static readonly Problem TooManyUploads = new("too-many-uploads", 429, "You have 64 unfinished uploads. Finish or end one of them first.");
    public static readonly Problem TooManySmallParts =
        new("too-many-small-parts", 429, "256 requests brought less than 64 KiB each. Send all that is missing in one request, with its Content-Length; after 512 such requests nothing more is taken: begin a new upload.");
    public static readonly Problem Checksum = new("checksum-mismatch", 460, "The part's bytes do not have the checksum that was sent with them. None of them is kept; send the part again.");
    public static readonly Problem SlowChecksum = new("checksum-too-late", 408, "A part with a checksum must come within twelve hours. None of it is kept; send shorter parts.");
    public static readonly Problem Ended = new("upload-ended", 410, "This upload was ended or has expired, and its bytes are gone. Begin a new one.");
    public static readonly Problem Finished = new("upload-finished", 409, "This upload is finished: its bytes belong to the recording now, and are deleted with it.");
    public static readonly Problem Locked = new("upload-locked", 423, "Another request is writing to this upload. Wait for its end, ask by HEAD, and go on from there.");
    public static readonly Problem TakenOver = new("upload-taken-over", 423, "A newer request took this upload over. What had come is kept.");
    public static readonly Problem Busy = new("vault-busy", 503, "The vault is receiving as much at once as it has memory for. What was acknowledged is kept; ask by HEAD and go on in a moment.");
    public static readonly Problem Stopping = new("vault-stopping", 503, "The vault is being restarted. What had come is kept; go on in a moment.");
    public static readonly Problem Content = new(
        "content-not-accepted", 415,
        "These bytes are no recording that the vault knows. It takes video and audio (MP4, MOV, M4A, 3GP, WebM, Matroska, AVI, MPEG-TS, ASF, MP3, AAC, WAV, Ogg, FLAC), captions (WebVTT, SRT), "
        + "and as UTF-8 text, where role says so, transcripts and chats. Nothing was kept.");
}
