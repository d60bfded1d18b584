using System.Globalization;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Uploads.Rules;

/// <summary>How long an upload is: told at its creation, or deferred and told once, later.</summary>
internal static class LengthRule
{
    /// <summary>At a creation: exactly one of Upload-Length and Upload-Defer-Length: 1.</summary>
    /// <param name="length">Null when it is deferred.</param>
    public static Problem? AtCreation(IHeaderDictionary headers, long maxLength, out long? length)
    {
        length = null;
        var told = headers[Tus.LengthHeader].ToString();
        var deferred = headers[Tus.DeferLengthHeader].ToString();
        if (deferred.Length > 0 && told.Length > 0)
            return Problem.Invalid(Tus.DeferLengthHeader, "send it or Upload-Length, not both.");
        if (deferred.Length > 0)
            return string.Equals(deferred, "1", StringComparison.Ordinal) ? null : Problem.Invalid(Tus.DeferLengthHeader, "its only value is 1.");
        if (!TryParse(told, out var bytes))
            return Problem.Invalid(Tus.LengthHeader, "send the length in bytes, or Upload-Defer-Length: 1.");
        length = bytes;
        return bytes > maxLength ? UploadProblems.TooLong : null;
    }

    /// <summary>At a PATCH: a deferred length may be told, once; a known one may be repeated and not changed.</summary>
    public static Problem? AtPart(IHeaderDictionary headers, Upload upload, long maxLength, out long? length)
    {
        length = upload.DeclaredLength;
        var told = headers[Tus.LengthHeader].ToString();
        if (told.Length == 0)
            return null;
        if (!TryParse(told, out var bytes) || bytes < upload.ReceivedBytes)
            return Problem.Invalid(Tus.LengthHeader, "send the length in bytes, not less than Upload-Offset.");
        if (upload.DeclaredLength is { } known && known != bytes)
            return Problem.Invalid(Tus.LengthHeader, "the length of this upload is known and can't be changed.");
        length = bytes;
        return bytes > maxLength ? UploadProblems.TooLong : null;
    }

    public static bool TryParse(string text, out long bytes) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes);
}
