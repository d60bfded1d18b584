using System.Globalization;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention;

internal static class RetentionProblems
{
    public static Problem Obliged(DateTimeOffset until) => new(
        "kept-until", 409, string.Create(CultureInfo.InvariantCulture, $"It must be kept until {until:d MMMM yyyy}, by a schedule or by somebody's word on its page. It can lie in the trash until then."))
    { Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["until"] = until } };

    /// <param name="matters">Names of the matters that hold it, the oldest hold first.</param>
    /// <param name="since">Of the oldest hold.</param>
    public static Problem OnHold(IReadOnlyList<string> matters, DateTimeOffset since) => new(
        "on-hold", 409,
        string.Create(CultureInfo.InvariantCulture, $"It is on hold for the {(matters.Count == 1 ? "matter" : "matters")} {string.Join(", ", matters)}, since {since:d MMMM yyyy}: nothing of it is deleted until the last hold is lifted."))
    { Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["matters"] = matters, ["since"] = since } };
}
