using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Uploads.Rules;

/// <summary>What a request that brings bytes must say, before one of them is read.</summary>
internal static class PartRule
{
    public static Problem? CheckType(HttpRequest request) =>
        string.Equals(request.ContentType, Tus.PartType, StringComparison.OrdinalIgnoreCase) ? null : UploadProblems.PartType;

    public static Problem? CheckOffset(IHeaderDictionary headers, Upload upload) =>
        !LengthRule.TryParse(headers[Tus.OffsetHeader].ToString(), out var offset) ? Problem.Invalid(Tus.OffsetHeader, "send the offset in bytes at which this part begins.")
        : offset != upload.ReceivedBytes ? UploadProblems.Offset
        : null;

    /// <summary>A body whose length is known beforehand is refused before it is sent.</summary>
    public static Problem? CheckBodyLength(long? contentLength, Upload upload, long? declaredLength, long maxLength)
    {
        if (contentLength is not { } bytes)
            return null;
        if (declaredLength is { } length)
            return bytes > length - upload.ReceivedBytes ? UploadProblems.PartTooLong : null;
        return bytes > maxLength - upload.ReceivedBytes ? UploadProblems.TooLong : null;
    }
}
