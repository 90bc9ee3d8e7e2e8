//! One candle: its body and shadows.

/// A bar as candlestick patterns see it.
#[derive(Debug, Clone, Copy)]
pub struct Candle {
    pub open: f64,
    pub high: f64,
    pub low: f64,
    pub close: f64,
    /// Rows since it, 0 for the latest.
    pub ago: usize,
}

impl Candle {
    /// Closed at least where it opened.
    #[inline]
    pub fn white(&self) -> bool {
        self.close >= self.open
    }

    /// Closed below its open.
    #[inline]
    pub fn black(&self) -> bool {
        !self.white()
    }

    /// 1 when white, -1 when black.
    #[inline]
    pub fn colour(&self) -> i32 {
        if self.white() { 1 } else { -1 }
    }

    /// Size of the body.
    #[inline]
    pub fn body(&self) -> f64 {
        (self.close - self.open).abs()
    }

    /// Upper end of the body.
    #[inline]
    pub fn top(&self) -> f64 {
        if self.white() { self.close } else { self.open }
    }

    /// Lower end of the body.
    #[inline]
    pub fn bottom(&self) -> f64 {
        if self.white() { self.open } else { self.close }
    }

    /// Length of the shadow above the body.
    #[inline]
    pub fn upper(&self) -> f64 {
        self.high - self.top()
    }

    /// Length of the shadow below the body.
    #[inline]
    pub fn lower(&self) -> f64 {
        self.bottom() - self.low
    }

    /// From the low to the high.
    #[inline]
    pub fn range(&self) -> f64 {
        self.high - self.low
    }

    /// Whether the body lies wholly above another's.
    #[inline]
    pub fn gaps_above(&self, other: &Candle) -> bool {
        self.bottom() > other.top()
    }

    /// Whether the body lies wholly below another's.
    #[inline]
    pub fn gaps_below(&self, other: &Candle) -> bool {
        self.top() < other.bottom()
    }

    /// Whether the body lies wholly beyond another's, on the side that its colour points to.
    #[inline]
    pub fn gaps_ahead_of(&self, other: &Candle) -> bool {
        if other.white() {
            self.gaps_above(other)
        } else {
            self.gaps_below(other)
        }
    }

    /// Whether not even the shadows touch, this one being above.
    #[inline]
    pub fn leaps_above(&self, other: &Candle) -> bool {
        self.low > other.high
    }

    /// Whether not even the shadows touch, this one being below.
    #[inline]
    pub fn leaps_below(&self, other: &Candle) -> bool {
        self.high < other.low
    }

    /// Whether both ends of the body are inside another's.
    #[inline]
    pub fn within(&self, other: &Candle) -> bool {
        self.top() < other.top() && self.bottom() > other.bottom()
    }

    /// Whether a price is inside the body, its ends excluded.
    #[inline]
    pub fn holds(&self, price: f64) -> bool {
        price < self.top() && price > self.bottom()
    }
}
