package series

import "math"

// CalendarFeatures is the number of features of a time.
const CalendarFeatures = 4

// Calendar is the place of value i in its day and in its week: sine and cosine of each. It may lie beyond the end of the series.
func (s Series) Calendar(i int) [CalendarFeatures]float64 {
	t := s.Time(i)
	hours := float64(t.Hour()) + float64(t.Minute())/60 + float64(t.Second())/3600
	daySin, dayCos := math.Sincos(2 * math.Pi * hours / 24)
	weekSin, weekCos := math.Sincos(2 * math.Pi * (24*float64(t.Weekday()) + hours) / (7 * 24))
	return [...]float64{daySin, dayCos, weekSin, weekCos}
}

// Moments are the mean and the standard deviation of values, 1 where that is 0.
func Moments(values []float64) (mean, deviation float64) {
	n := float64(len(values))
	for _, x := range values {
		mean += x / n
	}
	for _, x := range values {
		deviation += (x - mean) * (x - mean) / n
	}
	if deviation = math.Sqrt(deviation); deviation == 0 {
		return mean, 1
	}
	return mean, deviation
}
