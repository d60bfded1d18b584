namespace RecordingVault.Server.Features.Recordings;

/// <summary>A part of a recording that its file names.</summary>
internal sealed record RecordingChapter(double StartSeconds, double EndSeconds, string Title);
